using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Caches that have grown, and so have slabs of several sizes (<see cref="SlabLadder"/>).</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class SlabGrowthTests(int generationBits) : RuntimeFixture(generationBits)
{
    private static readonly SlabCacheOptions s_shared = new() { EmptySlabsKept = 0 };
    private static readonly SlabCacheOptions s_exclusive = new() { EmptySlabsKept = 0, Discipline = SlabDiscipline.Exclusive };

    private static SlabCacheOptions[] Disciplines => [s_shared, s_exclusive];

    [Test]
    public void A_cache_that_grows_takes_larger_slabs_and_each_goes_back_whole([ValueSource(nameof(Disciplines))] SlabCacheOptions options, [Values(64, 1000, 4096)] int size)
    {
        var cache = Pool.CreateByteCache("growing", size, options);
        var handles = Fill(cache, 48 << 20);

        var statistics = cache.Statistics();
        Assert.That(statistics.TotalSlabs, Is.InRange(20, 80), "of 64 KiB there would be 768");
        Assert.That(cache.Store.Counts().Frames * 4096, Is.InRange(48 << 20, 54 << 20), "at most an eighth more than it needs");
        Assert.That(cache.Store.IsValid(), Is.True);
        Assert.That(handles, Is.Unique);

        // Every other object, so that each slab has free slots, which come again before a new slab does.
        var half = handles.Where((_, i) => i % 2 == 0).ToArray();
        cache.ReturnMany(half);
        cache.Trim();
        Assert.That(cache.Store.IsValid(), Is.True);
        var slabs = cache.Statistics().SlabsCreated;
        Assert.That(cache.TryRentMany(half), Is.EqualTo(half.Length));
        Assert.That(cache.Statistics().SlabsCreated, Is.EqualTo(slabs));
        Assert.That(half.Concat(handles.Where((_, i) => i % 2 != 0)), Is.Unique);

        cache.ReturnMany(half);
        cache.ReturnMany(handles.Where((_, i) => i % 2 != 0).ToArray());
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
        Assert.That(cache.Store.Counts().Frames, Is.Zero);
    }

    [Test]
    public void Where_memory_is_scattered_a_slab_is_as_large_as_there_is_room_for()
    {
        var folios = new List<IDisposable>();
        while (Pool.Folios.TryAllocateOwner(new PageOrder(4), out var folio))
            folios.Add(folio);
        for (var i = 0; i < folios.Count; i += 2)
            folios[i].Dispose();

        // Free are blocks of 64 KiB only.
        var cache = Pool.CreateByteCache("scattered", 4096, s_shared);
        var handles = Fill(cache, 20 << 20);
        Assert.That(handles, Is.Unique);
        Assert.That(cache.Statistics().TotalSlabs, Is.EqualTo((20 << 20) / (64 << 10)).Within(1));
        cache.ReturnMany(handles);
        for (var i = 1; i < folios.Count; i += 2)
            folios[i].Dispose();
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public void A_damaged_header_of_a_large_slab_stops_that_slab_with_all_its_frames_and_objects_only([ValueSource(nameof(Disciplines))] SlabCacheOptions options, [Values] bool frames)
    {
        var cache = Pool.CreateByteCache("damaged", 4096, options);
        var handles = Fill(cache, 24 << 20);
        var tables = Pool.Slabs.Tables;
        var head = handles.Select(handle => tables.Frame(handle.Index >> tables.SlotShift).SlabHead).MaxBy(head => tables.Header(head).FrameCount);
        var (slots, frameCount) = (tables.Header(head).SlotCount, tables.Header(head).FrameCount);
        Assert.That(frameCount, Is.GreaterThan(100));
        if (frames)
            tables.Header(head).FrameCount = 16;
        else
            tables.Header(head).SlotCount += 16;

        cache.ReturnMany(handles);
        var again = new SlabHandle[handles.Length];
        Assert.That(cache.TryRentMany(again), Is.EqualTo(again.Length));

        Assert.That(Violations.Select(violation => violation.Kind), Is.EqualTo(new[] { ViolationKind.Corruption }));
        Assert.That(again.Select(handle => tables.Frame(handle.Index >> tables.SlotShift).SlabHead), Has.None.EqualTo(head), "never handed out again");
        Assert.That(cache.Store.Counts().QuarantinedSlots, Is.EqualTo(slots));
        Assert.That(cache.Statistics().ActiveObjects, Is.EqualTo(again.Length));
        Assert.That(cache.Store.IsValid(), Is.True);
        cache.ReturnMany(again);
        Assert.That(AllocatedFramesAfterTrim(), Is.EqualTo(frameCount), "the damaged slab's pages are kept out of use");
    }

    [Test]
    public void Threads_that_own_slabs_take_a_share_each()
    {
        var cache = Pool.CreateByteCache("owned", 64, s_exclusive);
        var handles = Fill(cache, 16 << 20);
        var before = cache.Store.Counts().Frames;
        var other = new SlabHandle[20];
        for (var i = 0; i < other.Length; i++)
        {
            using var thread = new OtherThread(() => other[i] = cache.Rent());
        }

        Assert.That(cache.Store.Counts().Frames - before, Is.LessThanOrEqualTo(before / SlabLadder.Share));
        cache.ReturnMany(handles);
        cache.ReturnMany(other);
    }

    [Test]
    public void Free_frames_inside_a_large_slab_go_back_to_the_system_once_and_hold_the_next_objects([Values(64, 1000, 4096, 6000)] int size, [Values] bool byItself)
    {
        var cache = Pool.CreateByteCache("holes", size, s_shared with { ThreadCacheCapacity = 0 });
        var handles = Fill(cache, 24 << 20);
        foreach (var handle in handles)
            cache.BytesOf(handle).Fill((byte)handle.Index);

        // A run of 40 KiB of every 64 KiB is returned: no slab is empty, and of each run nine frames at least are free as a whole.
        var (kept, returned) = (new List<SlabHandle>(), new List<SlabHandle>());
        for (var i = 0; i < handles.Length; i++)
            (i * (long)size % 65536 < 40960 ? returned : kept).Add(handles[i]);
        cache.ReturnMany([.. returned]);
        var runs = (24 << 20) / 65536;
        var before = Discarded();
        for (var look = 0; look < 3; look++)
        {
            if (byItself)
                cache.TrimIdle();
            else
                cache.Trim();
            Assert.That(Discarded() - before, byItself && look == 0 ? Is.EqualTo(0L) : (NUnit.Framework.Constraints.IResolveConstraint)Is.InRange(runs * 8L * 4096 * 9 / 10, runs * 40960L), $"after look {look}: a run in a small slab stays");
        }

        Assert.That(kept.All(handle => cache.BytesOf(handle).IndexOfAnyExcept((byte)handle.Index) < 0), Is.True, "what is out keeps its content");
        var again = new SlabHandle[returned.Count];
        Assert.That(cache.TryRentMany(again), Is.EqualTo(again.Length));
        Assert.That(cache.Store.IsValid(), Is.True);
        foreach (var handle in again)
            cache.BytesOf(handle).Fill(1);
        Assert.That(kept.All(handle => cache.BytesOf(handle).IndexOfAnyExcept((byte)handle.Index) < 0), Is.True);
        cache.ReturnMany(again);
        cache.ReturnMany([.. kept]);
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public void A_cache_that_keeps_all_slabs_keeps_their_content()
    {
        var cache = Pool.CreateByteCache("keeper", 4096, s_shared with { ThreadCacheCapacity = 0, EmptySlabsKept = int.MaxValue });
        var handles = Fill(cache, 24 << 20);
        cache.ReturnMany(handles.Where((_, i) => i % 4 != 0).ToArray());
        var before = Discarded();
        cache.Trim();
        Assert.That(Discarded(), Is.EqualTo(before));
    }

    private long Discarded() => Pool.Pages.Snapshot().DiscardedBytes;

    private static SlabHandle[] Fill(SlabCache cache, int bytes)
    {
        var handles = new SlabHandle[bytes / cache.SizeBytes];
        Assert.That(cache.TryRentMany(handles), Is.EqualTo(handles.Length));
        return handles;
    }
}
