using FolioRuntime.Folios;
using FolioRuntime.PageCaching;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>Pages of types that are changed, and cleaned before they go.</summary>
[TestFixture]
public sealed class PageTypeChangeTests : PageCacheFixture
{
    [Test]
    public void A_changed_page_is_dirty_until_it_is_cleaned()
    {
        var cache = Create(4);
        var pages = new TestPages(cache, cleans: true);
        pages.Add(1);
        pages.Add(2);
        Assert.That((pages.Set(1, 10), pages.Set(1, 11), pages.Set(3, 0)), Is.EqualTo((true, true, false)));
        Assert.That(cache.Statistics.DirtyPages, Is.EqualTo(1));
        Assert.That(pages.Type.Clean(), Is.Zero);
        Assert.That(pages.Cleaned, Is.EqualTo(((long, long)[])[(1, 11)]));
        Assert.That((pages.Type.Clean(), pages.Cleaned.Count, cache.Statistics.DirtyPages, pages.Type.Statistics.Cleaned), Is.EqualTo((0, 1, 0L, 1L)));
    }

    [Test]
    public void A_dirty_page_is_cleaned_before_it_gives_way()
    {
        var cache = Create(2);
        var pages = new TestPages(cache, cleans: true);
        for (var key = 0; key < 10; key++)
        {
            pages.Add(key);
            pages.Set(key, 100 + key);
        }

        Assert.That(pages.Destroyed, Has.Count.EqualTo(8));
        Assert.That(pages.Destroyed, Is.SubsetOf(pages.Cleaned), "what it had in the end was cleaned");
        pages.Type.Dispose();
        Assert.That(pages.Destroyed, Is.EquivalentTo(pages.Cleaned));
        Assert.That(pages.Wrong, Is.Zero);
    }

    [Test]
    public void Where_memory_is_short_dirty_pages_are_cleaned_and_go()
    {
        var frames = (int)((64 << 20) / PageBytes);
        var cache = Create(frames, longestWait: TimeSpan.FromSeconds(10));
        var pages = new TestPages(cache, cleans: true);
        for (var key = 0; key < frames - 50; key++)
        {
            pages.Add(key);
            pages.Set(key, key);
        }

        var held = Enumerable.Range(0, 300).Select(_ => Pool.Folios.Rent(new PageOrder(0))).ToList();
        Assert.That(pages.Destroyed, Has.Count.GreaterThanOrEqualTo(200));
        Assert.That(pages.Destroyed, Is.SubsetOf(pages.Cleaned));
        held.ForEach(Pool.Folios.Return);
    }

    [Test]
    public void A_page_that_cannot_be_cleaned_stays_and_whoever_cleans_is_told()
    {
        var cache = Create(2);
        var pages = new TestPages(cache, cleans: true) { CleanFailure = new InvalidDataException("no room") };
        pages.Add(1);
        pages.Set(1, 10);
        Assert.That(() => pages.Type.Clean(), Throws.TypeOf<IOException>().With.Message.Contains("kind-1").And.InnerException.TypeOf<InvalidDataException>());
        Assert.That((cache.Statistics.DirtyPages, cache.Reclaim(2), pages.Has(1)), Is.EqualTo((1L, 0, true)));
        Assert.That(pages.Type.Statistics.CleansFailed, Is.EqualTo(1));
        pages.Add(2);
        Assert.That(cache.Reclaim(2), Is.EqualTo(1), "the other one");
        pages.CleanFailure = null;
        Assert.That(pages.Type.Clean(), Is.Zero);
        Assert.That((pages.Cleaned.Single(), cache.Reclaim(2)), Is.EqualTo(((1L, 10L), 1)));
    }

    [Test]
    public void Where_no_page_can_be_cleaned_there_is_no_room_and_nobody_waits_for_ever()
    {
        var cache = Create(2, backgroundPercent: 50, dirtyPercent: 50);
        var pages = new TestPages(cache, cleans: true) { CleanFailure = new InvalidDataException("no room") };
        pages.Add(1);
        pages.Add(2);
        Assert.That((pages.Set(1, 10), pages.Set(2, 20)), Is.EqualTo((true, true)), "more are dirty than should be");
        Assert.That(() => pages.Add(3), Throws.TypeOf<OutOfMemoryException>());
        Assert.That(pages.Type.Statistics.CleansFailed, Is.LessThan(100));
        pages.CleanFailure = null;
        pages.Add(3);
        Assert.That(() => pages.Type.Clean(), Throws.TypeOf<IOException>(), "what failed before is told, once");
        Assert.That(pages.Type.Clean(), Is.Zero);
        Assert.That(pages.Cleaned, Is.EquivalentTo(((long, long)[])[(1, 10), (2, 20)]));
    }

    [Test]
    public void A_page_that_is_being_changed_is_cleaned_afterwards()
    {
        var pages = new TestPages(Create(2), cleans: true);
        var page = pages.Type.GetOrAdd(1);
        Assert.That(pages.Type.TryChange(page, out var change), Is.True);
        Assert.That(pages.Type.TryRead(1, 0, new byte[8]), Is.False, "C5: not while it is being changed");
        Assert.That((pages.Type.Clean(), pages.Cleaned.Count), Is.EqualTo((1, 0)));
        change.Content[16] = 5;
        change.Dispose();
        Assert.That(pages.Type.TryRead(1, 0, new byte[8]), Is.True);
        Assert.That((pages.Type.Clean(), pages.Cleaned.Single()), Is.EqualTo((0, (1L, 5L))));
        page.Dispose();
    }

    [Test]
    public void One_changes_a_page_at_a_time()
    {
        var pages = new TestPages(Create(2), cleans: true);
        pages.Add(1);
        var all = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var turn = 0; turn < 500; turn++)
                {
                    using var page = pages.Type.GetOrAdd(1);
                    if (!pages.Type.TryChange(page, out var change))
                        throw new AssertionException("nobody drops it");
                    using (change)
                        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(change.Content[16..], TestPages.ValueOf(change.Content) + 1);
                    if (turn % 10 == 0)
                        pages.Type.Clean();
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();
        Task.WaitAll(all);
        pages.Type.Clean();
        Assert.That((pages.Cleaned.Last(), pages.Wrong), Is.EqualTo(((1L, 2000L), 0)));
    }

    [Test]
    public void Several_pages_are_changed_at_once_above_the_limit()
    {
        var cache = Create(4, backgroundPercent: 0, dirtyPercent: 0);
        var pages = new TestPages(cache, cleans: true);
        var first = pages.Type.GetOrAdd(1);
        var second = pages.Type.GetOrAdd(2);
        Assert.That(pages.Type.TryChange(first, out var changeOfFirst) && pages.Type.TryChange(second, out var changeOfSecond) && Ended(changeOfSecond), Is.True);
        changeOfFirst.Dispose();
        pages.Add(3);
        first.Dispose();
        second.Dispose();
        Assert.That(pages.Type.Clean(), Is.Zero);

        static bool Ended(PageChange change)
        {
            change.Dispose();
            return true;
        }
    }

    [Test]
    public void Cleaning_may_write_to_a_file_of_the_same_cache()
    {
        var cache = Create(4, backgroundPercent: 0, dirtyPercent: 0);
        using var file = cache.Open(new TestStore(4 * PageBytes));
        var pages = new TestPages(cache, cleans: true);
        pages.OnClean = (key, value) => file.Write(key * PageBytes, BitConverter.GetBytes(value));
        for (var key = 0; key < 4; key++)
        {
            pages.Add(key);
            Assert.That(pages.Set(key, 1000 + key), Is.True);
        }

        pages.Type.Dispose();
        var bytes = new byte[8];
        for (var key = 0; key < 4; key++)
        {
            file.Read((long)key * PageBytes, bytes);
            Assert.That(BitConverter.ToInt64(bytes), Is.EqualTo(1000 + key));
        }
    }

    [Test]
    public void A_page_that_is_dropped_is_not_cleaned_and_not_changed_any_more()
    {
        var cache = Create(2);
        var pages = new TestPages(cache, cleans: true);
        var page = pages.Type.GetOrAdd(1);
        pages.Set(1, 10);
        Assert.That(pages.Type.Drop(1), Is.True);
        Assert.That((pages.Type.TryChange(page, out var change), pages.Type.Clean(), pages.Cleaned.Count, cache.Statistics.DirtyPages), Is.EqualTo((false, 0, 0, 0L)));
        change.Dispose();
        page.Dispose();
        Assert.That(pages.Destroyed, Is.EqualTo(((long, long)[])[(1, 10)]));
    }

    [Test]
    public void A_change_outlives_the_drop_and_the_reference_that_it_was_begun_with()
    {
        var pages = new TestPages(Create(2), cleans: true);
        var page = pages.Type.GetOrAdd(1);
        Assert.That(pages.Type.TryChange(page, out var change), Is.True);
        page.Dispose();
        pages.Type.Drop(1);
        change.Content[16] = 3;
        Assert.That(pages.Destroyed, Is.Empty);
        change.Dispose();
        Assert.That(pages.Destroyed, Is.EqualTo(((long, long)[])[(1, 3)]));
    }

    [Test]
    public void What_is_not_a_page_of_the_type_is_not_changed()
    {
        var cache = Create(4);
        TestPages[] types = [new(cache, 1), new(cache, 2)];
        using var file = cache.Open(new TestStore(PageBytes));
        using var others = types[1].Type.GetOrAdd(1);
        Assert.That(Refuses(types[0], others), Is.True, "another type's");
        using var files = file.GetFolio(0);
        Assert.That(Refuses(types[0], files), Is.True, "a file's");
        using var pool = new PoolRuntime(Options);
        using var foreign = pool.Folios.Allocate(new PageOrder(0));
        Assert.That(Refuses(types[0], foreign), Is.True, "another runtime's");

        static bool Refuses(TestPages pages, FolioReference page)
        {
            try
            {
                pages.Type.TryChange(page, out _);
                return false;
            }
            catch (ArgumentException)
            {
                return true;
            }
        }
    }

    [Test]
    public void Without_cleaning_a_changed_page_goes_like_others_and_its_destructor_sees_it()
    {
        var cache = Create(1);
        var pages = new TestPages(cache);
        pages.Add(1);
        pages.Set(1, 10);
        Assert.That(cache.Statistics.DirtyPages, Is.Zero);
        pages.Add(2);
        Assert.That(pages.Destroyed, Is.EqualTo(((long, long)[])[(1, 10)]));
    }

    [Test]
    public void What_cannot_be_cleaned_in_the_end_is_counted_and_destroyed()
    {
        var cache = Create(2);
        var pages = new TestPages(cache, cleans: true) { CleanFailure = new InvalidDataException("no room") };
        pages.Add(1);
        pages.Set(1, 10);
        pages.Type.Dispose();
        Assert.That((pages.Destroyed.Count, pages.Type.Statistics.CleansFailed, cache.Statistics.WritesFailed, cache.Statistics.DirtyPages), Is.EqualTo((1, 1L, 1L, 0L)));
    }

    [Test]
    public void The_flusher_cleans_what_a_miss_needs()
    {
        var cache = Create(1);
        var pages = new TestPages(cache, cleans: true);
        using var file = cache.Open(new TestStore(PageBytes));
        pages.Add(1);
        pages.Set(1, 10);
        file.Read(0, new byte[1]);
        Assert.That(cache.Statistics.FillsNotCached, Is.EqualTo(1));
        Assert.That((RunQueued(), pages.Cleaned.Single()), Is.EqualTo((1, (1L, 10L))));
        file.Read(0, new byte[1]);
        Assert.That((pages.Has(1), pages.Destroyed.Count), Is.EqualTo((false, 1)));
    }
}
