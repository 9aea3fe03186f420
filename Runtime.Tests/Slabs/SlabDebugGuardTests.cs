using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using FolioRuntime.Tests.Platform;
using FolioRuntime.Tests.Repository;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Objects on pages of their own between pages that fault. What faults does so in a process of its own.</summary>
[TestFixture(32, SlabDiscipline.Shared)]
[TestFixture(3, SlabDiscipline.Exclusive)]
public sealed class SlabDebugGuardTests(int generationBits, SlabDiscipline discipline)
    : SlabDebugFixture(generationBits, discipline, MemoryBacking.Native)
{
    private SlabCacheOptions Guarded => new() { Discipline = Discipline, GuardSampleInterval = 1, GuardedObjectsLimit = 4 };

    [TestCase(nameof(WildTouchKind.WritePastTheEnd))]
    [TestCase(nameof(WildTouchKind.WriteBeforeThePages))]
    [TestCase(nameof(WildTouchKind.WriteAfterReturn))]
    [TestCase(nameof(WildTouchKind.ReadAfterReturn))]
    public void A_wild_touch_of_a_guarded_object_ends_the_process_there_and_names_the_culprit(string kind)
    {
        var (exitCode, output, errors) = TestProgram.Run([kind, "1"], s_noDump);
        Assert.That(output, Does.Contain(WildTouch.Before).And.Not.Contain(WildTouch.After));
        Assert.That(errors, Does.Contain("AccessViolationException").And.Contain($"{nameof(WildTouch)}.Touch"));
        Assert.That(exitCode, Is.Not.Zero);
    }

    [TestCase(nameof(WildTouchKind.WritePastTheEnd))]
    [TestCase(nameof(WildTouchKind.WriteBeforeThePages))]
    [TestCase(nameof(WildTouchKind.WriteAfterReturn))]
    [TestCase(nameof(WildTouchKind.ReadAfterReturn))]
    public void Without_guards_the_same_touch_goes_unnoticed(string kind)
    {
        var (exitCode, output, _) = TestProgram.Run([kind, "0"], s_noDump);
        Assert.That(output, Does.Contain($"{WildTouch.After}, 0 found"));
        Assert.That(exitCode, Is.Zero);
    }

    [Test]
    public void Where_corruption_is_fatal_the_process_ends_with_the_report_as_its_last_words()
    {
        var (exitCode, output, errors) = TestProgram.Run([nameof(WildTouchKind.DamageThatIsFatal), "0"], s_noDump);
        Assert.That(output, Does.Contain(WildTouch.Before).And.Contain("heard Corruption").And.Not.Contain(WildTouch.After));
        Assert.That(errors, Does.Contain("Corruption: guarded (4096 bytes), slot").And.Contain("right red zone overwritten").And.Contain("last rented by").And.Contain("last returned by"));
        Assert.That(exitCode, Is.Not.Zero);
    }

    [Test]
    [NUnit.Framework.Platform(Include = "Linux")]
    public void Pages_around_a_rented_object_and_all_of_a_returned_one_are_inaccessible([Values(1, 64, 4096, 5000)] int sizeBytes)
    {
        var cache = Pool.CreateByteCache("guarded", sizeBytes, Guarded);
        var handle = cache.Rent();
        var start = cache.AddressOf(handle.Index);
        var page = start & -Environment.SystemPageSize;
        var end = (start + sizeBytes + Environment.SystemPageSize - 1) & -Environment.SystemPageSize;
        cache.BytesOf(handle).Fill(0xff);
        Assert.That((long)(end - (start + sizeBytes)), Is.LessThan(8), "at the end of its pages, up to its alignment");
        Assert.That(Accesses(page - 1, start, end - 1, end), Is.EqualTo(s_rented));

        cache.Return(handle);
        Assert.That(Accesses(page - 1, start, end - 1, end), Is.All.EqualTo("---"));

        cache.Dispose();
        Assert.That(Accesses(page - 1, start, end - 1, end), Is.All.EqualTo("rw-"), "the pages are anybody's again");
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public void A_returned_object_is_used_again_last_the_oldest_first_and_never_by_an_old_handle()
    {
        var cache = Pool.CreateByteCache("guarded", Size, Guarded);
        var first = Enumerable.Range(0, 4).Select(_ => RentAndReturn(cache)).ToArray();
        Assert.That(first.Select(handle => handle.Index), Is.Unique, "as many as there may be, before any is used again");
        var second = Enumerable.Range(0, 4).Select(_ => RentAndReturn(cache)).ToArray();
        Assert.That(second.Select(handle => handle.Index), Is.EqualTo(first.Select(handle => handle.Index)));
        Assert.That(first.Concat(second), Is.Unique);
        foreach (var stale in first)
            Assert.That(cache.TryReturn(stale), Is.False);
        Assert.That(Violations.Select(violation => violation.Kind), Is.All.EqualTo(ViolationKind.StaleReturn), "of a slot that is there, in another life");
    }

    [Test]
    public void Pages_that_went_back_are_nobodys()
    {
        var cache = Pool.CreateByteCache("guarded", Size, Guarded);
        var handle = RentAndReturn(cache);
        ref var frame = ref Pool.Slabs.Tables.Frame(handle.Index >> Pool.Slabs.Tables.SlotShift);
        Assert.That(frame.SlabCacheId, Is.EqualTo(cache.Id));
        cache.Dispose();
        Assert.That((frame.SlabCacheId, frame.SlabHead), Is.EqualTo((0u, 0u)));
    }

    [Test]
    public void Where_there_are_no_pages_for_guards_the_rent_reuses_a_guarded_object_or_goes_to_a_slab_and_later_ones_are_guarded_again()
    {
        using var pool = new PoolRuntime(Options with { CapacityBytes = 64 << 12, ReservationBytes = 64 << 12, MaxOrder = 4 });
        var cache = pool.CreateByteCache("guarded", Size, Guarded with { SlabOrder = 0 });
        var first = RentAndReturn(cache);
        var folios = new List<FolioHandle>();
        while (pool.Folios.TryRent(new PageOrder(0), out var folio))
            folios.Add(folio);
        pool.Folios.Return(folios[^1]);

        var reused = cache.Rent();
        Assert.That(reused.Index, Is.EqualTo(first.Index));
        var others = new SlabHandle[8];
        Assert.That(cache.TryRentMany(others), Is.EqualTo(others.Length));
        Assert.That(cache.Statistics().GuardedObjects, Is.EqualTo(1), "the others are a slab's");

        foreach (var folio in folios.SkipLast(1))
            pool.Folios.Return(folio);
        var more = new SlabHandle[8];
        Assert.That(cache.TryRentMany(more), Is.EqualTo(more.Length));
        Assert.That(cache.Statistics().GuardedObjects, Is.EqualTo(4), "as many as there may be");
        cache.ReturnMany([reused, .. others, .. more]);
        cache.Dispose();
        pool.Trim();
        Assert.That(pool.Pages.AllocatedFrames, Is.Zero);
    }

    [Test]
    public void A_guarded_object_that_cannot_be_made_accessible_is_tried_again()
    {
        // Its two guards, its return, and the rent that would use it again.
        var memory = new FaultInjectingMemory(VirtualMemory.ForThisSystem()) { FailingOperation = MemoryOperation.SetAccess, FailingCall = 4 };
        using var pool = new PoolRuntime(Options, memory, tableMemory: null);
        var cache = pool.CreateByteCache("guarded", Size, Guarded with { GuardedObjectsLimit = 1 });
        var first = RentAndReturn(cache);
        var slabs = cache.Rent();
        Assert.That((memory.FailureCount, cache.Statistics().GuardedObjects), Is.EqualTo((1, 0)));
        var again = cache.Rent();
        Assert.That((again.Index, cache.Statistics().GuardedObjects), Is.EqualTo((first.Index, 1)));
        cache.ReturnMany([slabs, again]);
    }

    /// <summary>Its pages have three frames and so 768 words; each has two lives. Then the pages serve folios only.</summary>
    [Test]
    public void Hazard09_guarded_objects_use_up_the_words_of_their_pages_one_after_the_other_and_no_word_beyond()
    {
        using var pool = new PoolRuntime(Options with { CapacityBytes = 16 << 12, ReservationBytes = 16 << 12, MaxOrder = 4, GenerationBits = 2, FirstGeneration = 1 });
        var cache = pool.CreateByteCache("guarded", Size, Guarded with { GuardedObjectsLimit = 1, SlabOrder = 0, ThreadCacheCapacity = 0 });
        var lives = new Dictionary<uint, int>();
        for (var i = 0; i < 10_000; i++)
        {
            var handle = cache.Rent();
            if (cache.Statistics().GuardedObjects == 1)
                lives[handle.Index] = lives.GetValueOrDefault(handle.Index) + 1;
            else
                i = 10_000;
            cache.Return(handle);
        }

        Assert.That(lives.Values, Is.All.EqualTo(2));
        Assert.That(lives.Count % 256, Is.Zero, "whole frames");
        Assert.That(lives.Count, Is.AtLeast(3 * 256));
        foreach (var frame in lives.Keys.Select(index => index >> pool.Slabs.Tables.SlotShift).Distinct())
            Assert.That(pool.Slabs.Tables.Frame(frame).RetiredSlotWords, Is.EqualTo(256));
        cache.Dispose();
        pool.Trim();
        Assert.That(pool.Pages.AllocatedFrames, Is.Zero, "they serve folios still");
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void With_all_guarded_objects_rented_rents_go_to_the_slabs()
    {
        var cache = Pool.CreateByteCache("guarded", Size, Guarded);
        var handles = new SlabHandle[10];
        Assert.That(cache.TryRentMany(handles), Is.EqualTo(10));
        Assert.That((cache.Statistics().GuardedObjects, cache.Statistics().ActiveObjects), Is.EqualTo((4, 10)));
        foreach (var handle in handles)
            cache.BytesOf(handle).Fill(1);
        cache.ReturnMany(handles);
        Assert.That((cache.Statistics().GuardedObjects, cache.Statistics().ActiveObjects), Is.EqualTo((0, 0)));
    }

    [Test]
    public void About_one_rent_in_as_many_as_was_asked_for_is_sampled()
    {
        var cache = Pool.CreateByteCache("guarded", Size, Guarded with { GuardSampleInterval = 10, GuardedObjectsLimit = 4096, ThreadCacheCapacity = 60 });
        var handles = new SlabHandle[2000];
        cache.TryRentMany(handles);

        // 200 expected; beyond these bounds once in 10^20 runs.
        Assert.That(cache.Statistics().GuardedObjects, Is.InRange(70, 400));
        Assert.That(cache.ThreadCacheCapacity, Is.EqualTo(60), "sampling alone leaves the threads their caches");
        cache.ReturnMany(handles);
    }

    [Test]
    public void A_write_that_does_not_reach_the_guard_is_found_at_the_return([Values] bool onDemand)
    {
        var cache = Pool.CreateByteCache("guarded", 60, Guarded with { Debug = SlabDebugOptions.Stacks });
        for (var i = 0; i < 4; i++)
            ReturnHere(cache, RentHere(cache));
        var handle = RentHere(cache);
        Scribble(cache, handle, 61);
        if (onDemand)
            Assert.That(cache.Validate(), Is.EqualTo(1));
        else
            ReturnHere(cache, handle);

        var violation = Violations.Single();
        Assert.That(violation.Kind, Is.EqualTo(ViolationKind.Corruption));
        RequireNamed(violation, cache, handle);
        RequireBothStacks(violation, cache, handle.Generation, onDemand ? handle.Generation - 1 : handle.Generation);
        Assert.That(violation.ToString(), Does.Contain("right red zone overwritten from offset 61 to 61").And.Contain("withdrawn"));
        if (onDemand)
            cache.Return(handle);
        if (OperatingSystem.IsLinux())
            Assert.That(Accesses(cache.AddressOf(handle.Index)), Is.All.EqualTo("---"), "inaccessible for good");
        for (var i = 0; i < 10; i++)
            Assert.That(RentAndReturn(cache).Index, Is.Not.EqualTo(handle.Index));
        RequireAllGoesOn(cache);
        Assert.That(Violations, Has.Count.EqualTo(1));
    }

    [Test]
    public void Objects_out_at_the_end_of_the_cache_are_told_and_stay_usable_until_returned()
    {
        var cache = Pool.CreateByteCache("guarded", Size, Guarded with { Debug = SlabDebugOptions.All });
        SlabHandle[] handles = [cache.Rent(), cache.Rent()];
        cache.Dispose();
        Assert.That(Violations.Single().Outstanding.Select(left => left.Index), Is.EquivalentTo(handles.Select(handle => handle.Index)));
        foreach (var handle in handles)
        {
            Assert.That(Pool.Snapshot().Caches, Has.Count.EqualTo(1), "as long as an object is out");
            cache.BytesOf(handle).Fill(5);
            cache.Return(handle);
        }

        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
        Assert.That(Pool.Snapshot().Caches, Is.Empty, "forgotten with its last object");
    }

    [Test]
    public void An_index_beside_a_guarded_object_is_refused_with_that_objects_stacks()
    {
        var cache = Pool.CreateByteCache("guarded", Size, Guarded with { Debug = SlabDebugOptions.Stacks, GuardedObjectsLimit = 1 });
        var handle = RentAgain(cache);
        var forged = new SlabHandle(handle.Index + 1, handle.Generation);

        Assert.That(cache.TryReturn(forged), Is.False);

        var violation = Violations.Single();
        Assert.That(violation.Kind, Is.EqualTo(ViolationKind.ForeignHandle));
        RequireNamed(violation, cache, forged);
        RequireBothStacks(violation, cache, handle.Generation, handle.Generation - 1);
        Assert.That(violation.ToString(), Does.Contain($"the index is misaligned, nearest to slot {handle.Index}"));
        cache.Return(handle);
        RequireAllGoesOn(cache);
    }

    [Test]
    public void What_others_left_in_its_pages_is_not_in_a_guarded_object()
    {
        using var pool = new PoolRuntime(Options with { CapacityBytes = 16 << 12, ReservationBytes = 16 << 12, MaxOrder = 4 });
        using (var all = pool.Folios.Allocate(new PageOrder(4)))
            all.Bytes.Fill(0xff);
        var cache = pool.CreateByteCache("guarded", Size, Guarded with { SlabOrder = 0 });
        var handle = cache.Rent();
        Assert.That(cache.Statistics().GuardedObjects, Is.EqualTo(1));
        Assert.That(cache.BytesOf(handle).ContainsAnyExcept((byte)0), Is.False);
        cache.Return(handle);
    }

    [Test]
    public void A_constructor_that_throws_loses_no_guarded_slot()
    {
        var cache = Pool.CreateByteCache("guarded", Size, Guarded, constructor: _ => throw new InvalidDataException());
        for (var i = 0; i < 10; i++)
            Assert.Throws<InvalidDataException>(() => cache.Rent());
        Assert.That(cache.Statistics().GuardedObjects, Is.Zero);
    }

    [Test]
    public void References_and_deferred_returns_work_on_guarded_objects()
    {
        var cache = Pool.CreateByteCache("guarded", Size, Guarded with { Discipline = SlabDiscipline.Shared, Debug = SlabDebugOptions.All });
        var handle = cache.Rent();
        Assert.That(cache.TryGet(handle, out var reference), Is.True);
        cache.Return(handle);
        reference.Bytes.Fill(1);
        reference.Dispose();
        Assert.That(cache.TryGet(handle, out _), Is.False);
        Assert.That(cache.Statistics().GuardedObjects, Is.Zero);
    }

    [Test]
    public void Where_the_system_refuses_to_guard_the_rent_goes_to_a_slab([Range(1, 5)] int failingCall, [Values] bool persists)
    {
        var memory = new FaultInjectingMemory(VirtualMemory.ForThisSystem()) { FailingOperation = MemoryOperation.SetAccess, FailingCall = failingCall, FailuresPersist = persists };
        using var pool = new PoolRuntime(Options, memory, tableMemory: null);
        var cache = pool.CreateByteCache("guarded", Size, Guarded);
        for (var i = 0; i < 5; i++)
        {
            var handle = cache.Rent();
            cache.BytesOf(handle).Fill(1);
            cache.Return(handle);
        }

        Assert.That(memory.FailureCount, Is.Positive);
        cache.Dispose();
        pool.Trim();
        Assert.That(pool.Pages.AllocatedFrames, Is.LessThanOrEqualTo(persists ? 6 : 0), "only what can't be made accessible again is lost");

        // Whoever gets the pages that went back can use them.
        using var folio = pool.Folios.Allocate(new PageOrder(8));
        folio.Bytes.Fill(1);
    }

    [Test]
    public void Pinned_arrays_cannot_be_guarded()
    {
        using var pool = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 16 << 20, Backing = MemoryBacking.PinnedArrays });
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => pool.CreateByteCache("guarded", Size, Guarded))!;
        Assert.That(error.Message, Does.Contain(nameof(SlabCacheOptions.GuardSampleInterval)));
    }

    private static readonly string[] s_rented = ["---", "rw-", "rw-", "---"];

    private static readonly Dictionary<string, string> s_noDump = new() { ["DOTNET_DbgEnableMiniDump"] = "0" };

    private static SlabHandle RentAndReturn(SlabCache cache)
    {
        var handle = cache.Rent();
        cache.Return(handle);
        return handle;
    }

    private static string[] Accesses(params nint[] addresses)
    {
        var mappings = ProcessMappings.Read();
        return [.. addresses.Select(address => mappings.ProtectionAt(address)[..3])];
    }
}
