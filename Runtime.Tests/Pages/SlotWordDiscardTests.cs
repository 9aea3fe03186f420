using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Pages;

/// <summary>The memory of dead slot words goes back to the system, and no handle ever notices.</summary>
[Platform("Linux")]
[TestFixture(32)]
[TestFixture(4)]
public sealed class SlotWordDiscardTests(int generationBits) : RuntimeFixture(generationBits)
{
    private const int Objects = 2000;

    protected override PoolRuntimeOptions Options => base.Options with { FirstGeneration = 1 };

    [Test]
    public void L3_a_generation_is_never_issued_twice_across_discards()
    {
        var cache = Pool.CreateByteCache("objects", 64);
        var issued = new HashSet<SlabHandle>();
        for (var round = 0; round < 8; round++)
        {
            // Unequal: some words of a page are ahead of others, and some were never used.
            for (var part = 1; part <= 3; part++)
                Live(cache, Objects / part, issued);
            Pool.Trim();
            Assert.That(issued.Any(handle => cache.TryGet(handle, out _)), Is.False);
            Assert.That(issued.Count(handle => cache.TryReturn(handle)), Is.Zero);
        }
    }

    [Test]
    public void L3_nor_where_another_cache_cuts_the_same_pages_otherwise()
    {
        var issued = new HashSet<SlabHandle>();
        for (var round = 0; round < 8; round++)
        {
            using var cache = Pool.CreateByteCache("objects", 16 << (round % 4), new SlabCacheOptions { Discipline = (SlabDiscipline)(round % 2) });
            Live(cache, Objects, issued);
            cache.Trim();
            Pool.Trim();
        }

        using var last = Pool.CreateByteCache("last", 16);
        var handles = new SlabHandle[Objects];
        var rented = last.TryRentMany(handles);
        Assert.That(handles.Take(rented).Where(issued.Contains), Is.Empty);
        Assert.That(issued.Any(handle => last.TryGet(handle, out _)), Is.False);
    }

    [Test]
    public void What_is_discarded_is_zero_and_what_comes_next_begins_above_it()
    {
        var cache = Pool.CreateByteCache("objects", 64);
        var handles = new SlabHandle[Objects];
        for (var lives = 0; lives < 3; lives++)
        {
            Assert.That(cache.TryRentMany(handles), Is.EqualTo(Objects));
            cache.ReturnMany(handles);
        }

        var tables = Pool.Pages.Frames;
        var most = handles.Max(handle => Word(handle.Index).Generation);
        Assert.That(most, Is.GreaterThan(1u));
        Pool.Trim();
        Assert.That(handles.All(handle => Word(handle.Index) == default), Is.True);
        Assert.That(handles.Max(handle => tables.Frame(handle.Index >> tables.SlotShift).GenerationFloor), Is.EqualTo(most));
        Assert.That(cache.TryGet(handles[0], out _), Is.False);
        Assert.That(Word(handles[0].Index), Is.EqualTo(new LifetimeWord(LifetimeWord.OneReference)), "a stray add, on a dead word");

        var next = new SlabHandle[Objects];
        Assert.That(cache.TryRentMany(next), Is.EqualTo(Objects));
        Assert.That(next.All(handle => handle.Generation >= tables.Frame(handle.Index >> tables.SlotShift).GenerationFloor), Is.True);
        cache.ReturnMany(next);

        LifetimeWord Word(uint index) => Lifetime.Load(ref tables.SlotWord(index));
    }

    [Test]
    public void A_page_with_a_word_in_use_or_retired_stays()
    {
        if (GenerationBits == 32)
            return;
        var cache = Pool.CreateByteCache("objects", 4096, Uncached);
        var tables = Pool.Pages.Frames;
        SlabHandle last;
        do
        {
            last = cache.Rent();
            cache.Return(last);
        }
        while (last.Generation != (1u << GenerationBits) - 2);

        Pool.Trim();
        Assert.That(Lifetime.Load(ref tables.SlotWord(last.Index)).Generation, Is.EqualTo((1u << GenerationBits) - 1), "retired, and stays so");
        Assert.That(cache.TryGet(last, out _), Is.False);
    }

    [Test]
    public void Words_of_a_slab_in_use_are_left_alone()
    {
        var cache = Pool.CreateByteCache("objects", 64);
        var handles = new SlabHandle[Objects];
        Assert.That(cache.TryRentMany(handles), Is.EqualTo(Objects));
        var kept = handles.Where((_, at) => at % 1024 == 5).ToArray();
        cache.ReturnMany(handles.Except(kept).ToArray());
        Pool.Trim();
        Pool.Trim();
        Assert.That(kept.All(handle => cache.TryReturn(handle)), Is.True);
        Assert.That(kept.Any(handle => cache.TryReturn(handle)), Is.False);
    }

    [Test]
    public void Stale_look_ups_race_trims_and_find_nothing()
    {
        var cache = Pool.CreateByteCache("objects", 64);
        var stale = new SlabHandle[Objects];
        Assert.That(cache.TryRentMany(stale), Is.EqualTo(Objects));
        cache.ReturnMany(stale);
        var (stop, found) = (0, 0);
        using (new OtherThread(
            () =>
            {
                while (Volatile.Read(ref stop) == 0)
                    found += stale.Count(handle => cache.TryGet(handle, out _));
            },
            join: false))
        {
            var issued = new HashSet<SlabHandle>(stale);
            for (var round = 0; round < (GenerationBits == 32 ? 200 : 5); round++)
            {
                Live(cache, Objects / 2, issued);
                Pool.Trim();
            }

            Volatile.Write(ref stop, 1);
        }

        Assert.That(found, Is.Zero);
        Assert.That(Violations, Is.Empty);
    }

    // With few bits there may soon be no words left for all of them.
    private static void Live(SlabCache cache, int objects, HashSet<SlabHandle> issued)
    {
        var handles = new SlabHandle[objects];
        var rented = cache.TryRentMany(handles);
        foreach (var handle in handles.AsSpan(0, rented))
            Assert.That(issued.Add(handle), Is.True, "a handle names one life");

        // Each by itself: a look-up of a stale handle may hold one for an instant, which is no misuse.
        foreach (var handle in handles.AsSpan(0, rented))
            Assert.That(cache.TryReturn(handle), Is.True);
    }
}
