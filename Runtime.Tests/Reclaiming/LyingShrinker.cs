using FolioRuntime.Reclaiming;

namespace FolioRuntime.Tests.Reclaiming;

/// <summary>Says what it is told to say, and frees nothing.</summary>
internal sealed class LyingShrinker(long count, long freed) : IShrinker
{
    /// <summary>Called at each scan.</summary>
    public Action? Scanning { get; set; }

    public long Count() => count;

    public long Scan(long asked)
    {
        Scanning?.Invoke();
        return freed;
    }
}
