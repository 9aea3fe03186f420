using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FolioRuntime.Serve.Servers;

/// <summary>A server in a process of its own, with the collector's limit that it was given. Disposing ends it. Not thread-safe, but for <see cref="ResidentBytes"/>.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const int StopMilliseconds = 3000;

    private readonly Process _process;

    [SuppressMessage("Usage", "CA2213:Disposable fields should be disposed", Justification = "It holds nothing of the system's, and the process's end may still be on its way to it.")]
    private readonly CancellationTokenSource _ended = new();

    private ServerProcess(Process process, ServedPool pool, ServerAddress address)
    {
        _process = process;
        Pool = pool;
        Address = address;

        // Also for one that has ended already.
        process.Exited += (_, _) => _ended.Cancel();
        process.EnableRaisingEvents = true;
    }

    public ServedPool Pool { get; }

    public ServerAddress Address { get; }

    /// <summary>Cancelled when the process has ended.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>The process's number on this machine.</summary>
    public int Id => _process.Id;

    /// <summary>Bytes of the process that are in the machine's memory now; 0: it has ended.</summary>
    public long ResidentBytes
    {
        get
        {
            lock (_process)
            {
                _process.Refresh();
                try
                {
                    return _process.WorkingSet64;
                }
                catch (InvalidOperationException)
                {
                    return 0;
                }
            }
        }
    }

    /// <exception cref="ServerEndedException">The server didn't start.</exception>
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
            var line = process.StandardOutput.ReadLine() ?? throw new ServerEndedException($"The server over the pool {Names.Of(pool)} didn't start.");
            return new ServerProcess(process, pool, JsonSerializer.Deserialize(line, ServerJson.Default.ServerAddress)!);
        }
        catch
        {
            End(process);
            throw;
        }
    }

    /// <exception cref="ServerEndedException">It has ended.</exception>
    public ServerStatus Status() => Ask(ServerCommand.StatusLine);

    /// <summary>Lets the held uploads go on.</summary>
    /// <exception cref="ServerEndedException">It has ended.</exception>
    public ServerStatus Release() => Ask(ServerCommand.ReleaseLine);

    /// <summary>Ends it at once. One that has ended is left alone.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    public void Dispose()
    {
        lock (_process)
            End(_process);
    }

    private ServerStatus Ask(string line)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
            var answer = _process.StandardOutput.ReadLine() ?? throw Gone(null);
            return JsonSerializer.Deserialize(answer, ServerJson.Default.ServerStatus)!;
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            // A pipe that nobody reads any more, or half an answer.
            throw Gone(exception);
        }
    }

    private ServerEndedException Gone(Exception? inner)
    {
        var how = _process.WaitForExit(StopMilliseconds) ? string.Create(CultureInfo.InvariantCulture, $"has ended by itself, with exit code {_process.ExitCode}") : "answers no more";
        return new ServerEndedException($"the server over the pool {Names.Of(Pool)} {how}", inner);
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
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It was gone before it had read everything.
        }

        if (!process.WaitForExit(StopMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }
}
