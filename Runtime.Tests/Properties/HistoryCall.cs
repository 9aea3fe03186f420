namespace FolioRuntime.Tests.Properties;

/// <summary>A call that was made, what it answered, and when it began and ended by a clock that all threads share.</summary>
internal sealed record HistoryCall<TCall, TResult>(int Thread, TCall Call, TResult Result, long Begin, long End)
{
    public bool Overlaps(HistoryCall<TCall, TResult> other) => Begin < other.End && other.Begin < End;

    public override string ToString() => $"[{Begin,3}..{End,3}] thread {Thread}: {Call} -> {Result}";
}
