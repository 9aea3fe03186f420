using System.Diagnostics;
using FolioRuntime.Tests.Repository;

namespace FolioRuntime.Tests.Faults;

/// <summary>One process started by a test, killed at the latest when the test is over.</summary>
internal sealed class ChildProcess : IDisposable
{
    // A child that doesn't answer fails the test instead of hanging it; nothing that works takes this long.
    private static readonly TimeSpan s_stuck = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private ChildProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>A program of this repository, as built beside the tests.</summary>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, Action<IDictionary<string, string?>>? environment = null)
    {
        var start = new ProcessStartInfo(TestProgram.DotnetHost());
        start.ArgumentList.Add(PathOf(program));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        environment?.Invoke(start.Environment);
        return new ChildProcess(start);
    }

    /// <summary>One of <see cref="ChildProgram"/>'s, by way of a shell command that limits what comes after it.</summary>
    public static ChildProcess StartLimited(string limit, string argument, Action<IDictionary<string, string?>>? environment = null)
    {
        var start = new ProcessStartInfo("/bin/sh");
        foreach (var part in (string[])["-c", $"{limit} exec \"$0\" \"$@\"", TestProgram.DotnetHost(), PathOf("Runtime.Tests.dll"), argument])
            start.ArgumentList.Add(part);
        environment?.Invoke(start.Environment);
        return new ChildProcess(start);
    }

    /// <summary>The next line it prints; null when it has ended.</summary>
    public string? ReadLine() => Await(_process.StandardOutput.ReadLineAsync());

    /// <summary>Waits until it ends by itself.</summary>
    /// <returns>Exit code, and all that it printed since the last line read.</returns>
    public (int ExitCode, string Output, string Errors) Finish()
    {
        var output = Await(_process.StandardOutput.ReadToEndAsync());
        var errors = Await(_errors);
        RequireGone();
        return (_process.ExitCode, output, errors);
    }

    /// <summary>Lets it live for so long at most, then kills it (SIGKILL) and waits until it is gone.</summary>
    /// <returns>Whether it had ended by itself.</returns>
    public bool Kill(int afterMilliseconds = 0)
    {
        var ended = _process.WaitForExit(afterMilliseconds);
        _process.Kill();
        RequireGone();
        return ended;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private static T Await<T>(Task<T> task) => task.WaitAsync(s_stuck).GetAwaiter().GetResult();

    private void RequireGone() => Expect.That(_process.WaitForExit(s_stuck), "the child doesn't end");

    private static string PathOf(string program) => Path.Combine(AppContext.BaseDirectory, program);
}
