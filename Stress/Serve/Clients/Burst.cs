using System.Diagnostics;
using FolioRuntime.Serve.Servers;

namespace FolioRuntime.Serve.Clients;

/// <summary>
/// Many uploads at once that the server doesn't read until it is told to, so that they lie in its blocks: as much memory as a busy moment takes, held until it has
/// been looked at. Each is a little less than Kestrel takes in before it stops receiving.
/// </summary>
internal static class Burst
{
    public const int UploadBytes = 960 * 1024;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private const int QuietLooks = 5;

    // Asking for the status makes a little garbage.
    private const int QuietBytes = 512 * 1024;

    /// <summary>Sends, waits until no more arrives, lets go and waits for all answers.</summary>
    public static Tally Run(ServerProcess server, int uploads, ulong seed, CancellationToken stop)
    {
        using var connections = new ServerConnections(server.Address, uploads);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var tally = new Tally();
        var sent = Enumerable.Range(0, uploads)
            .Select(number => Requests.UploadAsync(connections.Http1, "/held", seed + (ulong)number, UploadBytes, end.Token)).ToArray();
        var start = Stopwatch.GetTimestamp();
        var quiet = 0;
        var resident = 0L;
        while (quiet < QuietLooks && Stopwatch.GetElapsedTime(start) < s_patience && !stop.WaitHandle.WaitOne(s_look))
        {
            var now = server.ResidentBytes;
            quiet = server.Status().HeldUploads == uploads && now <= resident + QuietBytes ? quiet + 1 : 0;
            resident = Math.Max(resident, now);
        }

        server.Release();
        end.CancelAfter(s_patience);
        foreach (var upload in sent)
        {
            try
            {
                tally.NoteAnswer(RequestKind.Upload, 0, upload.GetAwaiter().GetResult());
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
            {
                if (!stop.IsCancellationRequested)
                    tally.NoteFailure($"burst: {exception.Message}");
            }
        }

        return tally;
    }
}
