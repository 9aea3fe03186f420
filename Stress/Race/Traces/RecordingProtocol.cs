using FolioRuntime.Race.Protocols;

namespace FolioRuntime.Race.Traces;

/// <summary>Tells the recorder which call each access belongs to. Adds nothing else.</summary>
internal sealed class RecordingProtocol(IProtocol inner) : IProtocol
{
    private static int s_lastThread = -1;

    [ThreadStatic]
    private static int s_thread;

    public WordRange Words => inner.Words;

    public Token? TryAllocate(int type, long id)
    {
        var call = Begin(TraceCallKind.Allocate, type, id);
        var token = inner.TryAllocate(type, id);
        TraceRecorder.End(call, token is not null);
        return token;
    }

    public Token? TryRent(int type, long id)
    {
        var call = Begin(TraceCallKind.Rent, type, id);
        var token = inner.TryRent(type, id);
        TraceRecorder.End(call, token is not null);
        return token;
    }

    public bool Peek(Token token)
    {
        var call = Begin(TraceCallKind.Peek, token.Type, token.Id);
        var isAlive = inner.Peek(token);
        TraceRecorder.End(call, isAlive);
        return isAlive;
    }

    public bool TryGet(Token token)
    {
        var call = Begin(TraceCallKind.Get, token.Type, token.Id);
        var succeeded = inner.TryGet(token);
        TraceRecorder.End(call, succeeded);
        return succeeded;
    }

    public Span<byte> Content(Token token) => inner.Content(token);

    public void Put(Token token, int type)
    {
        var call = Begin(TraceCallKind.Put, type, token.Id);
        inner.Put(token, type);
        TraceRecorder.End(call, succeeded: true);
    }

    public void Return(Token token)
    {
        var call = Begin(TraceCallKind.Return, token.Type, token.Id);
        inner.Return(token);
        TraceRecorder.End(call, succeeded: true);
    }

    public bool WouldFoolUntagged(ulong word) => inner.WouldFoolUntagged(word);

    public void Settle() => inner.Settle();

    public void Dispose() => inner.Dispose();

    private static OpenCall Begin(TraceCallKind kind, int type, long id)
    {
        if (s_thread == 0)
            s_thread = Interlocked.Increment(ref s_lastThread) + 1;
        return TraceRecorder.Begin(new OpenCall(s_thread, kind, type, id));
    }
}
