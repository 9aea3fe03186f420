using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests;

/// <summary>A small runtime for each test, at one width of generations, checked for lost frames (L8) when the test is over.</summary>
public abstract class RuntimeFixture(int generationBits)
{
    private readonly List<Violation> _violations = [];

    protected int GenerationBits { get; } = generationBits;

    protected PoolRuntime Pool { get; private set; } = null!;

    /// <summary>What the runtime reported.</summary>
    protected IReadOnlyList<Violation> Violations
    {
        get
        {
            lock (_violations)
                return [.. _violations];
        }
    }

    protected virtual PoolRuntimeOptions Options => new()
    {
        CapacityBytes = 64 << 20,
        ReservationBytes = 128 << 20,
        GenerationBits = GenerationBits,
        TrimInterval = Timeout.InfiniteTimeSpan,
    };

    [SetUp]
    public void CreateRuntime()
    {
        _violations.Clear();
        Pool = new PoolRuntime(Options);
        Pool.ViolationDetected += violation =>
        {
            lock (_violations)
                _violations.Add(violation);
        };
    }

    [TearDown]
    public void DisposeRuntime()
    {
        Pool.Dispose();
        var pages = Pool.Pages;
        Assert.That(pages.AllocatedFrames + pages.FreeFrames + pages.RetiredFrames, Is.EqualTo(pages.CommittedFrames), "L8 after the test");
    }

    /// <summary>Allocated frames, once every cache was disposed or trimmed: 0 when nothing was lost.</summary>
    protected long AllocatedFramesAfterTrim()
    {
        Pool.Trim();
        return Pool.Pages.AllocatedFrames;
    }

    /// <summary>A cache all of whose traffic goes to the slabs at once, so that a return can be seen in the pages.</summary>
    protected static SlabCacheOptions Uncached => new() { ThreadCacheCapacity = 0, EmptySlabsKept = 0 };
}
