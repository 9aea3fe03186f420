using System.Text.Json;
using FolioRuntime.Harness;

namespace FolioRuntime.Serve.Servers;

/// <summary>
/// The child process: says where it listens, answers each line it is sent with one line of status, and ends when nobody can send any more. Its parent is told apart from
/// a terminal by nothing, so it can be run by hand too. Signals are its parent's matter: a Ctrl-C reaches both, and the parent still asks for the last status.
/// </summary>
internal static class ServerCommand
{
    public const string Name = "server";
    public const string StatusLine = "status";
    public const string ReleaseLine = "release";

    public static async Task<int> RunAsync(ServedPool pool, long capacityBytes, TextReader input, TextWriter output)
    {
        using var interruption = new Interruption();
        await using var host = await ServerHost.StartAsync(pool, capacityBytes);
        output.WriteLine(JsonSerializer.Serialize(host.Address, ServerJson.Default.ServerAddress));
        output.Flush();

        // On a thread of its own: reading a pipe blocks.
        await Task.Factory.StartNew(() => Answer(host, input, output), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return ExitCode.Pass;
    }

    private static void Answer(ServerHost host, TextReader input, TextWriter output)
    {
        while (input.ReadLine() is { } line)
        {
            if (line == ReleaseLine)
                host.Release();
            output.WriteLine(JsonSerializer.Serialize(host.Status, ServerJson.Default.ServerStatus));
            output.Flush();
        }
    }
}
