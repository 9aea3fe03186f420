using FolioRuntime.Harness;

namespace FolioRuntime.Serve.Clients;

/// <summary>Chooses the kinds of requests, of those that were asked for, in proportion to their weights.</summary>
internal sealed class RequestMix
{
    private readonly RequestKind[] _lots;

    public RequestMix(IEnumerable<RequestKind> kinds) => _lots = [.. kinds.Distinct().SelectMany(kind => Enumerable.Repeat(kind, WeightOf(kind)))];

    public RequestKind Next(ref XorShift random) => _lots[random.Below(_lots.Length)];

    // Of a hundred, when all kinds are asked for.
    private static int WeightOf(RequestKind kind) => kind switch
    {
        RequestKind.Echo => 28,
        RequestKind.Json => 28,
        RequestKind.WebSocket => 20,
        RequestKind.Http2 => 10,
        RequestKind.Tls => 8,
        _ => 2,
    };
}
