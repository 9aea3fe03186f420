using FolioRuntime.Exploration.Engine;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>A cache of a page or two that remembers who rented each object, and somebody who looks for leaks meanwhile.</summary>
internal sealed class LeakScene
{
    private readonly RecycledMemory _memory = new();
    private readonly List<Violation> _violations = [];
    private readonly SlabCache _cache;

    public LeakScene()
    {
        Runtime = new PoolRuntime(
            new PoolRuntimeOptions { CapacityBytes = 2 * 4096, ReservationBytes = 2 * 4096, MaxOrder = 0, ThreadPageCapacity = 0, FirstGeneration = 1, TrimInterval = Timeout.InfiniteTimeSpan },
            _memory,
            _memory);
        Runtime.ViolationDetected += _violations.Add;
        _cache = Runtime.CreateByteCache("objects", 1024, new SlabCacheOptions { ThreadCacheCapacity = 0, LeakSampleInterval = 1 });
    }

    private PoolRuntime Runtime { get; }

    public SlabHandle Rent() => _cache.Rent();

    public void Return(SlabHandle handle) => _cache.Return(handle);

    /// <summary>Looks for leaks, and drops what is remembered for nothing.</summary>
    public void Look() => Requirement.Equal(Runtime.FindLeaks().Count, 0, "nothing is lost, and nothing too old");

    /// <param name="threads">What the threads do.</param>
    /// <param name="left">What is out in the end.</param>
    public Scene Play(Action[] threads, Func<SlabHandle[]> left) => new(threads)
    {
        Check = () => Check(left()),
        State = () => $"{_cache.Tracks!.Count} remembered",
        Close = Close,
        EndsMatter = true,
    };

    private void Check(SlabHandle[] left)
    {
        var report = _cache.StillOut();
        Requirement.Equal(report.Unnamed.Values.Sum(), 0, "what is out is remembered");
        Requirement.That(report.Leaks.Select(leak => new SlabHandle(leak.Index, leak.Generation)).ToHashSet().SetEquals(left), "L5: what is told to be out is what is out, in its generation");
        _cache.ReturnMany(left);
        Requirement.Equal(_cache.StillOut().Count, 0, "nothing is out in the end");
        Look();
        Requirement.Equal(_cache.Tracks!.Count, 0, "what is back is not remembered");
        Requirement.That(_violations.Count == 0, "no violation");
    }

    private void Close()
    {
        Runtime.Dispose();
        _memory.GiveBack();
    }
}
