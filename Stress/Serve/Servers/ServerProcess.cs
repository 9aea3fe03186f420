using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FolioRuntime.Serve.Servers;

/// <summary>A server in a process of its own, with the collector's limit that it was given. Disposing ends it. Not thread-safe, but for <see cref="ResidentBytes"/>.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const int StopMilliseconds = 3000;

    private readonly Process _process;

    private ServerProcess(Process process, ServedPool pool, ServerAddress address)
    {
        _process = process;
        Pool = pool;
        Address = address;
    }

    public ServedPool Pool { get; }

    public ServerAddress Address { get; }

    /// <summary>Bytes of the process that are in the machine's memory now.</summary>
    public long ResidentBytes
    {
        get
        {
            lock (_process)
            {
                _process.Refresh();
                return _process.WorkingSet64;
            }
        }
    }

    /// <exception cref="InvalidOperationException">The server didn't start.</exception>
    public static ServerProcess Start(ServedPool pool, int capacityMebibytes, int heapLimitMebibytes)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        var assembly = typeof(ServerProcess).Assembly.Location;

        // Under "dotnet x.dll" and in a test host the process is not this program.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) != Path.GetFileNameWithoutExtension(assembly))
        {
            start.FileName = DotnetHost();
            start.ArgumentList.Add(assembly);
        }

        foreach (var argument in (string[])[ServerCommand.Name, "--pool", Names.Of(pool), "--capacity", capacityMebibytes.ToString(CultureInfo.InvariantCulture)])
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_GCHeapHardLimit"] = ((long)heapLimitMebibytes << 20).ToString("x", CultureInfo.InvariantCulture);
        var process = Process.Start(start)!;
        try
        {
            var line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The server over the pool {Names.Of(pool)} didn't start.");
            return new ServerProcess(process, pool, JsonSerializer.Deserialize(line, ServerJson.Default.ServerAddress)!);
        }
        catch
        {
            End(process);
            throw;
        }
    }

    public ServerStatus Status() => Ask(ServerCommand.StatusLine);

    /// <summary>Lets the held uploads go on.</summary>
    public ServerStatus Release() => Ask(ServerCommand.ReleaseLine);

    /// <summary>Ends it at once.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    public void Dispose()
    {
        lock (_process)
            End(_process);
    }

    private ServerStatus Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The server over the pool {Names.Of(Pool)} has ended.");
        return JsonSerializer.Deserialize(answer, ServerJson.Default.ServerStatus)!;
    }

    // The host that belongs to the runtime this runs on: three folders above the runtime's own.
    private static string DotnetHost()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(host) ? host : name;
    }

    private static void End(Process process)
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(StopMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }
}
