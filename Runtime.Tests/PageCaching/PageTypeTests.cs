using System.Runtime.CompilerServices;
using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.PageCaching;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>Pages that aren't a file's: how they are found, begin and end.</summary>
[TestFixture]
public sealed class PageTypeTests : PageCacheFixture
{
    [Test]
    public void A_page_is_constructed_once_and_found_by_its_key_and_by_its_handle()
    {
        var cache = Create(4);
        var pages = new TestPages(cache);
        Assert.That(pages.Has(7), Is.False);
        var handle = pages.Add(7);
        Assert.That((pages.Has(7), pages.Has(handle, 7), pages.Has(8)), Is.EqualTo((true, true, false)));
        Assert.That(pages.Add(7), Is.EqualTo(handle));
        var bytes = new byte[16];
        Assert.That(pages.Type.TryRead(7, 0, bytes), Is.True);
        Assert.That(bytes[0], Is.EqualTo(7));
        Assert.That(pages.Constructed, Is.EqualTo((long[])[7]));
        Assert.That(cache.Statistics.Types, Is.EqualTo((PageTypeStatistics[])[pages.Type.Statistics]));
        Assert.That((pages.Type.Statistics.Name, pages.Type.Statistics.PagesInUse, pages.Type.Statistics.Constructed, pages.Type.Statistics.Destroyed), Is.EqualTo(("kind-1", 1, 1L, 0L)));
        Assert.That(Policy.Hits, Is.GreaterThanOrEqualTo(0));
    }

    [Test]
    public void Types_and_files_share_one_capacity_and_each_page_ends_by_its_own_destructor()
    {
        var cache = Create(2);
        TestPages[] types = [new(cache, 1), new(cache, 2)];
        using var file = cache.Open(new TestStore(4 * PageBytes));
        var random = new Random(1);
        for (var turn = 0; turn < 300; turn++)
        {
            var key = random.Next(4);
            if (turn % 3 == 2)
                file.GetFolio(key).Dispose();
            else
                types[turn % 3].Add(key);
            Assert.That(cache.Statistics.PagesInUse, Is.LessThanOrEqualTo(2));
        }

        foreach (var pages in types)
        {
            Assert.That(pages.Destroyed, Has.Count.EqualTo(pages.Constructed.Count - pages.Type.Statistics.PagesInUse), "one destructor for each page that is gone");
            pages.Type.Dispose();
            Assert.That((pages.Destroyed.Count, pages.Wrong), Is.EqualTo((pages.Constructed.Count, 0)));
        }
    }

    [Test]
    public void A_page_of_a_type_goes_when_memory_is_short()
    {
        var frames = (int)((64 << 20) / PageBytes);
        var cache = Create(frames);
        var pages = new TestPages(cache);
        for (var key = 0; key < frames - 50; key++)
            pages.Add(key);
        var held = Enumerable.Range(0, 500).Select(_ => Pool.Folios.Rent(new PageOrder(0))).ToList();
        Assert.That(pages.Destroyed, Has.Count.GreaterThanOrEqualTo(400));
        Assert.That(pages.Type.Statistics.PagesInUse, Is.EqualTo(pages.Constructed.Count - pages.Destroyed.Count));
        held.ForEach(Pool.Folios.Return);
        Assert.That(pages.Wrong, Is.Zero);
    }

    [Test]
    public void One_constructs_and_the_others_wait()
    {
        var pages = new TestPages(Create(4));
        using var isConstructing = new ManualResetEventSlim();
        using var mayConstruct = new ManualResetEventSlim();
        pages.OnConstruct = _ =>
        {
            isConstructing.Set();
            mayConstruct.Wait();
        };
        var all = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() => pages.Add(3), TaskCreationOptions.LongRunning)).ToArray();
        isConstructing.Wait();
        Assert.That(pages.Has(3), Is.False, "C1: not before it is constructed");
        mayConstruct.Set();
        Assert.That(Task.WhenAll(all).GetAwaiter().GetResult().Distinct().Count(), Is.EqualTo(1));
        Assert.That(pages.Constructed, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_constructor_that_throws_leaves_no_page_and_everybody_who_waits_is_told()
    {
        var cache = Create(4);
        var pages = new TestPages(cache) { ConstructFailure = new InvalidDataException("no node") };
        using var isConstructing = new ManualResetEventSlim();
        using var mayConstruct = new ManualResetEventSlim();
        pages.OnConstruct = _ =>
        {
            isConstructing.Set();
            mayConstruct.Wait();
        };
        var first = Task.Factory.StartNew(() => pages.Add(3), TaskCreationOptions.LongRunning);
        isConstructing.Wait();
        var second = Task.Factory.StartNew(() => pages.Add(3), TaskCreationOptions.LongRunning);
        mayConstruct.Set();
        Assert.That(async () => await first, Throws.TypeOf<InvalidDataException>());
        Assert.That(async () => await second, Throws.TypeOf<InvalidDataException>());
        Assert.That((cache.Statistics.PagesInUse, pages.Type.Statistics.Constructed, pages.Destroyed.Count), Is.EqualTo((0, 0L, 0)));
        pages.ConstructFailure = null;
        pages.Add(3);
        Assert.That(pages.Has(3), Is.True);
    }

    [Test]
    public void A_constructor_may_ask_for_other_pages()
    {
        var pages = new TestPages(Create(8));
        pages.OnConstruct = key =>
        {
            if (key > 0)
                pages.Add(key - 1);
        };
        pages.Add(3);
        Assert.That(pages.Constructed, Is.EqualTo((long[])[0, 1, 2, 3]));
    }

    [Test]
    public void A_destructor_that_throws_is_reported_and_the_page_is_free()
    {
        var cache = Create(1);
        var pages = new TestPages(cache) { DestroyFailure = new InvalidOperationException("stuck") };
        var handle = pages.Add(1);
        pages.Add(2);
        Assert.That(pages.Type.Drop(2), Is.True);
        Assert.That(Violations.Select(violation => (violation.Kind, violation.Subject, violation.Detail)),
            Is.EqualTo(Enumerable.Repeat((ViolationKind.DestructorThrew, "kind-1", "stuck"), 2)));
        Assert.That((Violations[0].Index, Violations[0].Generation), Is.EqualTo((handle.Frame, handle.Generation)));
        Assert.That((cache.Statistics.PagesInUse, pages.Type.Statistics.Destroyed, Pool.Folios.Statistics.Alive), Is.EqualTo((0, 2L, 0L)));
    }

    [Test]
    public void L1_A_page_that_was_dropped_is_ended_by_the_last_reference_and_by_its_own_destructor()
    {
        var cache = Create(2);
        TestPages[] types = [new(cache, 1), new(cache, 2)];
        var held = types[0].Type.GetOrAdd(5);
        Assert.That(Pool.Folios.TryGet(held.Handle, out var another), Is.True, "as any folio");
        Assert.That((types[0].Type.Drop(5), types[0].Type.Drop(5)), Is.EqualTo((true, false)));
        Assert.That((types[0].Has(5), types[0].Has(held.Handle, 5)), Is.EqualTo((false, false)), "C3: nobody gets it any more");
        Assert.That(types[0].Destroyed, Is.Empty);

        // Its key is another page's by now, and the other type has one too.
        types[0].Add(5);
        types[1].Add(5);
        held.Dispose();
        Assert.That(types[0].Destroyed, Is.Empty);
        another.Dispose();
        Assert.That((types[0].Destroyed.Count, types[1].Destroyed.Count, types[0].Has(5)), Is.EqualTo((1, 0, true)));
        Assert.That(types.Sum(pages => pages.Wrong), Is.Zero);
    }

    [Test]
    public void A_page_that_is_dropped_while_it_is_constructed_is_destroyed_and_constructed_anew()
    {
        var pages = new TestPages(Create(4));
        pages.OnConstruct = key =>
        {
            if (pages.Constructed.IsEmpty)
                pages.Type.Drop(key);
        };
        pages.Add(9);
        Assert.That((pages.Constructed.Count, pages.Destroyed.Count, pages.Has(9)), Is.EqualTo((2, 1, true)));
    }

    [Test]
    public void A_stale_a_forged_and_a_foreign_handle_are_rejected()
    {
        var cache = Create(1);
        TestPages[] types = [new(cache, 1), new(cache, 2)];
        using var file = cache.Open(new TestStore(PageBytes));
        var stale = types[0].Add(1);
        var other = types[1].Add(1);
        Assert.That(other.Frame, Is.EqualTo(stale.Frame), "in the same frame");
        Assert.That((types[0].Has(stale, 1), types[1].Has(stale, 1), types[0].Has(other, 1), types[1].Has(other, 1)), Is.EqualTo((false, false, false, true)));
        var files = file.GetFolio(0);
        Assert.That((types[0].Has(files.Handle, 0), types[1].Has(other, 1)), Is.EqualTo((false, false)), "a file's page");
        files.Dispose();
        var plain = Pool.Folios.Rent(new PageOrder(0));
        foreach (var handle in (FolioHandle[])[default, plain, new(uint.MaxValue, 1), new(files.Handle.Frame, uint.MaxValue), new(files.Handle.Frame, 0)])
            Assert.That(types[0].Has(handle, 0), Is.False, handle.ToString());
        Pool.Folios.Return(plain);
        using var pool = new PoolRuntime(Options);
        using var elsewhere = pool.CreatePageCache(new PageCacheOptions { CapacityPages = 1 });
        Assert.That(types[0].Has(new TestPages(elsewhere).Add(1), 1), Is.False, "another runtime's");
        Assert.That((types[0].Wrong, types[1].Wrong, Violations.Count), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void Where_every_page_is_held_nothing_is_constructed()
    {
        var cache = Create(1);
        var pages = new TestPages(cache);
        var held = pages.Type.GetOrAdd(1);
        Assert.That(() => pages.Add(2), Throws.TypeOf<OutOfMemoryException>().With.Message.Contains("All 1 pages"));
        Assert.That((pages.Constructed.Count, cache.Statistics.PagesInUse, Pool.Folios.Statistics.Alive), Is.EqualTo((1, 1, 1L)));
        held.Dispose();
        pages.Add(2);
        Assert.That((pages.Destroyed.Count, pages.Has(2)), Is.EqualTo((1, true)));
    }

    [Test]
    public void A_disposed_type_refuses_and_what_is_held_of_it_is_destroyed_in_the_end()
    {
        var cache = Create(4);
        var pages = new TestPages(cache);
        pages.Add(1);
        var held = pages.Type.GetOrAdd(2);
        pages.Type.Dispose();
        pages.Type.Dispose();
        Assert.That(pages.Destroyed, Is.EqualTo(((long, long)[])[(1, 0)]));
        Assert.That((pages.Has(1), pages.Has(held.Handle, 2), pages.Type.TryRead(2, 0, new byte[1])), Is.EqualTo((false, false, false)));
        Assert.That(() => pages.Add(3), Throws.TypeOf<ObjectDisposedException>().With.Message.Contains(nameof(PageType)));
        Assert.That(() => pages.Type.Drop(3), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => pages.Type.Clean(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(cache.Statistics.Types, Is.Empty);
        held.Dispose();
        Assert.That((pages.Destroyed.Count, pages.Wrong, Pool.Folios.Statistics.Alive), Is.EqualTo((2, 0, 0L)));
    }

    [Test]
    public void The_caches_end_is_the_types_and_the_runtimes_is_the_caches()
    {
        var cache = Create(4);
        var pages = new TestPages(cache);
        pages.Add(1);
        var held = pages.Type.GetOrAdd(2);
        Pool.Dispose();
        Assert.That(pages.Destroyed, Has.Count.EqualTo(1));
        Assert.That(() => pages.Add(1), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => new TestPages(cache), Throws.TypeOf<ObjectDisposedException>());
        held.Dispose();
        Assert.That((pages.Destroyed.Count, pages.Wrong), Is.EqualTo((2, 0)));
    }

    [Test]
    public void A_page_that_is_split_ends_too()
    {
        var pages = new TestPages(Create(2));
        var held = pages.Type.GetOrAdd(1);
        pages.Type.Drop(1);
        Assert.That(held.TryFreeze(out var frozen), Is.True);
        Span<FolioHandle> parts = [default];
        frozen.Split(new PageOrder(0), parts);
        Assert.That(pages.Destroyed, Has.Count.EqualTo(1));
        Pool.Folios.Return(parts[0]);
        Assert.That(pages.Destroyed, Has.Count.EqualTo(1), "what it was split into has no type");
    }

    [Test]
    public void A_type_is_forgotten_with_its_last_page()
    {
        var cache = Create(2);
        var (forgotten, held) = Make(cache);
        GC.Collect();
        Assert.That(IsThere(forgotten), Is.True, "a page of it is held");
        Pool.Folios.Put(held);
        for (var turn = 0; turn < 10 && IsThere(forgotten); turn++)
            GC.Collect();
        Assert.That(IsThere(forgotten), Is.False);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static bool IsThere(WeakReference<PageType> type) => type.TryGetTarget(out _);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static (WeakReference<PageType> Type, FolioHandle Held) Make(PageCache cache)
        {
            var pages = new TestPages(cache);
            var held = pages.Type.GetOrAdd(1).Handle;
            pages.Type.Dispose();
            return (new WeakReference<PageType>(pages.Type), held);
        }
    }

    [Test]
    public void A_quota_is_for_a_type_as_for_a_file()
    {
        var cache = Create(8);
        var pages = new TestPages(cache);
        pages.Type.QuotaPages = 3;
        for (var key = 0; key < 20; key++)
            pages.Add(key);
        Assert.That((pages.Type.QuotaPages, pages.Type.Statistics.PagesInUse, pages.Destroyed.Count), Is.EqualTo((3, 3, 17)));
    }

    [Test]
    public void What_makes_no_sense_is_refused()
    {
        var cache = Create(2);
        var pages = new TestPages(cache);
        Assert.That(() => cache.AddType(null!), Throws.TypeOf<ArgumentNullException>());
        Assert.That(() => cache.AddType(new PageTypeOptions { Name = " ", Construct = (_, _) => { } }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => cache.AddType(new PageTypeOptions { Name = "x", Construct = null! }), Throws.InstanceOf<ArgumentException>());
        foreach (var key in (long[])[-1, PageIndex.IndexLimit, long.MinValue, long.MaxValue])
        {
            Assert.That(() => pages.Add(key), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => pages.Type.Drop(key), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That((pages.Has(key), pages.Type.TryRead(key, 0, new byte[1])), Is.EqualTo((false, false)));
        }

        foreach (var (offset, length) in ((int, int)[])[(-1, 1), (4096, 1), (4000, 97), (0, 4097), (int.MaxValue, 1)])
            Assert.That(() => pages.Type.TryRead(1, offset, new byte[length]), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => pages.Type.TryChange(default, out _), Throws.TypeOf<ArgumentException>());
    }
}
