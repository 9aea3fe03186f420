using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Platform;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>
/// A cache of 64-byte objects under debug options, a way to damage its memory, and what must hold afterwards: a full report, the damaged slab out of use, and
/// everything else as if nothing had happened.
/// </summary>
public abstract class SlabDebugFixture(int generationBits, SlabDiscipline discipline, MemoryBacking backing) : RuntimeFixture(generationBits)
{
    protected const int Size = 64;

    private const int MostSlabs = 3;

    protected SlabDiscipline Discipline { get; } = discipline;

    protected override PoolRuntimeOptions Options => base.Options with { Backing = backing, ThreadPageCapacity = 0 };

    protected SlabCache Create(SlabDebugOptions debug, string name = "damaged") => Create(debug, name, Discipline);

    /// <summary>For what only shared objects have: references.</summary>
    protected SlabCache CreateShared(SlabDebugOptions debug) => Create(debug, "damaged", SlabDiscipline.Shared);

    private SlabCache Create(SlabDebugOptions debug, string name, SlabDiscipline discipline) =>
        Pool.CreateByteCache(name, Size, new SlabCacheOptions { Discipline = discipline, Debug = debug, SlabOrder = 0, EmptySlabsKept = MostSlabs });

    /// <summary>Its name must be found in stacks.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    protected static SlabHandle RentHere(SlabCache cache)
    {
        var handle = cache.Rent();

        // Something after the call, so that this method's frame is still there during it.
        GC.KeepAlive(cache);
        return handle;
    }

    /// <summary>Its name must be found in stacks.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    protected static void ReturnHere(SlabCache cache, SlabHandle handle)
    {
        cache.Return(handle);
        GC.KeepAlive(cache);
    }

    /// <summary>A slot that is rented now and was returned before, so that both stacks are there. Lowest slot first, so it is the same one.</summary>
    protected static SlabHandle RentAgain(SlabCache cache)
    {
        var first = RentHere(cache);
        ReturnHere(cache, first);
        var again = RentHere(cache);
        Assert.That(again.Index, Is.EqualTo(first.Index));
        return again;
    }

    /// <summary>A wild write: past every check, as from a stray pointer.</summary>
    protected static unsafe void Scribble(SlabCache cache, SlabHandle handle, int offset, byte value = 0x00, int count = 1) =>
        new Span<byte>((byte*)cache.AddressOf(handle.Index) + offset, count).Fill(value);

    /// <summary>One report of damage found at the end of the object's life or after it, with all that a person needs.</summary>
    protected void RequireReport(SlabCache cache, SlabHandle handle, params string[] words) => RequireReport(cache, handle, handle.Generation, words);

    /// <summary>The same of an object that is out: who returned what was in its slot before is told.</summary>
    protected void RequireReportOfLive(SlabCache cache, SlabHandle handle, params string[] words) => RequireReport(cache, handle, handle.Generation - 1, words);

    private void RequireReport(SlabCache cache, SlabHandle handle, uint returnedIn, string[] words)
    {
        var violation = Violations.Single(found => found.Kind == ViolationKind.Corruption);
        RequireNamed(violation, cache, handle);
        RequireBothStacks(violation, cache, handle.Generation, returnedIn);
        foreach (var word in words)
            Assert.That(violation.ToString(), Does.Contain(word));
        Assert.That(violation.ToString(), Does.Contain("quarantined"));
    }

    protected static void RequireNamed(Violation violation, SlabCache cache, SlabHandle handle)
    {
        var type = $"{cache.SizeBytes} bytes";
        Assert.That((violation.Subject, violation.TypeName, violation.Index, violation.Generation), Is.EqualTo((cache.Name, type, handle.Index, handle.Generation)));
        Assert.That(violation.ToString(), Does.Contain($"{cache.Name} ({type}), slot {handle.Index}, generation {handle.Generation}"));
    }

    /// <summary>The stacks of <see cref="RentHere"/> and <see cref="ReturnHere"/>, each of its life: those of a life before would pass for them else.</summary>
    protected static void RequireBothStacks(Violation violation, SlabCache cache, uint rentedIn, uint returnedIn)
    {
        if (!cache.Debug.HasFlag(SlabDebugOptions.Stacks))
        {
            Assert.That((violation.RentedBy, violation.ReturnedBy), Is.EqualTo(((LifeTrack?)null, (LifeTrack?)null)));
            return;
        }

        Assert.That(violation.RentedBy!.Stack.Split('\n')[0], Does.EndWith(nameof(RentHere)));
        Assert.That(violation.ReturnedBy!.Stack.Split('\n')[0], Does.EndWith(nameof(ReturnHere)));
        Assert.That((violation.RentedBy.Generation, violation.ReturnedBy.Generation), Is.EqualTo((rentedIn, returnedIn)));
        Assert.That(violation.ToString(), Does.Contain($"last rented {violation.RentedBy}").And.Contain($"last returned {violation.ReturnedBy}"));
    }

    /// <summary>The damaged slots' slabs are never handed out again, the same cache and others serve on, and all of it ends well.</summary>
    protected void RequireTheRestGoesOn(SlabCache cache, params SlabHandle[] damaged)
    {
        var kept = FramesOf(damaged);
        Assert.That(cache.Statistics().QuarantinedSlabs, Is.EqualTo(kept.Length));
        Assert.That(RequireWork(cache).Intersect(kept), Is.Empty);
        RequireQuietEnd(cache);
        Assert.That(AllocatedFramesAfterTrim(), Is.EqualTo(kept.Length), "a damaged slab's page is kept out of use");
    }

    /// <summary>After the end of the damaged cache: the next serves on, from other pages, and nothing is out any more but the damaged slab's.</summary>
    protected void RequireOthersGoOn(SlabHandle damaged)
    {
        var next = Create(SlabDebugOptions.All, "next");
        Assert.That(RequireWork(next).Intersect(FramesOf(damaged)), Is.Empty);
        RequireQuietEnd(next);
        Assert.That(AllocatedFramesAfterTrim(), Is.EqualTo(1), "the damaged slab's page doesn't serve anybody else");
    }

    /// <summary>After a wrong call, which damages nothing: the cache and others serve on, no slab is out of use, and all of it ends well. Nothing of it is out any more.</summary>
    protected void RequireAllGoesOn(SlabCache cache)
    {
        Assert.That(cache.Statistics().QuarantinedSlabs, Is.Zero);
        RequireWork(cache);
        RequireQuietEnd(cache);
    }

    private void RequireQuietEnd(SlabCache cache)
    {
        var before = Violations.Count;
        cache.Dispose();
        Assert.That(Violations, Has.Count.EqualTo(before), "an end without further reports");
    }

    /// <summary>Both this cache and another can be used, and nothing more is found. The frames of what was rented.</summary>
    private uint[] RequireWork(SlabCache cache)
    {
        var again = new SlabHandle[200];
        Assert.That(cache.TryRentMany(again), Is.EqualTo(again.Length));
        foreach (var handle in again)
            cache.BytesOf(handle).Fill(1);
        cache.ReturnMany(again);
        using var other = Pool.CreateCache<long>("other");
        var theirs = other.Rent();
        other.ValueOf(theirs) = 7;
        Assert.That(other.ValueOf(theirs), Is.EqualTo(7));
        other.Return(theirs);
        Assert.That(Pool.Validate(), Is.Zero, "what was found is found once");
        return FramesOf(again);
    }

    private uint[] FramesOf(params SlabHandle[] handles) => [.. handles.Select(handle => handle.Index >> Pool.Slabs.Tables.SlotShift).Distinct()];

    /// <summary>With the check off nothing is found, whatever is done: it is the check that finds the damage.</summary>
    protected void RequireUnnoticed(SlabCache cache)
    {
        cache.Return(cache.Rent());
        Assert.That(cache.Validate(), Is.Zero);
        cache.Dispose();
        Assert.That(Violations, Is.Empty);
    }
}
