namespace FolioRuntime.Tests.Properties;

/// <summary>Takes down what threads call and what they are answered.</summary>
internal sealed class History<TCall, TResult>
{
    private readonly List<HistoryCall<TCall, TResult>> _calls = [];
    private long _clock;

    /// <summary>What was called; read it when nobody calls any more.</summary>
    public IReadOnlyList<HistoryCall<TCall, TResult>> Calls => _calls;

    public TResult Record(int thread, TCall call, Func<TResult> answer)
    {
        var begin = Interlocked.Increment(ref _clock);
        var result = answer();
        var end = Interlocked.Increment(ref _clock);
        lock (_calls)
            _calls.Add(new HistoryCall<TCall, TResult>(thread, call, result, begin, end));
        return result;
    }
}
