using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace FolioRuntime.Caching.Killing;

/// <summary>A writer in a process of its own, and what it has said. Killed at the latest when this is disposed.</summary>
internal sealed class KillVictim : IDisposable
{
    private const string Program = "folio-cache";

    // A writer that isn't gone by then is a bug of the system's, and the run fails instead of hanging.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Thread _listener;
    private readonly Task<string> _errors;
    private readonly TaskCompletionSource _ready = new();
    private readonly long[] _flushed = new long[KillScript.Threads];
    private int _flushes;

    public KillVictim(KillSubject subject, string path, ulong seed, int life)
    {
        _process = Process.Start(StartOf([KillCommand.WriterName, subject.Name, path, $"{seed}", $"{life}"]))!;
        _errors = _process.StandardError.ReadToEndAsync();
        _listener = new Thread(Listen);
        _listener.Start();
    }

    /// <summary>Kills it (SIGKILL), after it has lived for a while from its first word on, or sooner from its start on, and hears the rest.</summary>
    /// <returns>How far each thread was at its last flush, how many flushes that were, and what it died of before, if it did.</returns>
    public (long[] Flushed, int Flushes, string? Failure) Kill(int afterMilliseconds, bool fromStart)
    {
        if (!fromStart)
            _ready.Task.Wait(s_longest);
        var endedBefore = _process.WaitForExit(afterMilliseconds);
        _process.Kill();
        if (!_process.WaitForExit(s_longest) || !_listener.Join(s_longest))
            throw new InvalidOperationException("The killed process doesn't end.");
        return (_flushed, _flushes, endedBefore ? $"the writer ended by itself: {_errors.Result.Split('\n')[0]}" : null);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill(0, fromStart: true);
        _process.Dispose();
    }

    private void Listen()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Split(' ') is [var thread, var number] && int.TryParse(thread, CultureInfo.InvariantCulture, out var index) && long.TryParse(number, CultureInfo.InvariantCulture, out var flushed))
            {
                _flushed[index] = flushed;
                _flushes++;
            }

            _ready.TrySetResult();
        }

        _ready.TrySetResult();
    }

    // This program again: as one file, or by the host that it runs under.
    private static ProcessStartInfo StartOf(IEnumerable<string> arguments)
    {
        var self = Environment.ProcessPath ?? "";
        var isAlone = Path.GetFileNameWithoutExtension(self) == Program;
        var start = new ProcessStartInfo(isAlone ? self : Host()) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (!isAlone)
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, $"{Program}.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return start;
    }

    // Three folders above the runtime's own.
    private static string Host()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(host) ? host : name;
    }
}
