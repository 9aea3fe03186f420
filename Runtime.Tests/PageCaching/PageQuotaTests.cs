using FolioRuntime.PageCaching;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>Mappings that may hold only so many pages of the cache.</summary>
[TestFixture]
public sealed class PageQuotaTests : PageCacheFixture
{
    private readonly byte[] _byte = new byte[1];

    [Test]
    public void A_mapping_with_a_quota_gives_up_pages_of_its_own()
    {
        var cache = Create(16);
        var (other, limited) = (Open(cache, 8), Open(cache, 100));
        Read(other, 0, 8);
        limited.QuotaPages = 4;
        Read(limited, 0, 100);
        Assert.That((limited.PagesInUse, other.PagesInUse, cache.Statistics.PagesInUse), Is.EqualTo((4, 8, 12)));
        Assert.That(other.CountCached(), Is.EqualTo(8), "the others stayed");
        Assert.That(Enumerable.Range(96, 4).All(page => IsCached(limited, page)), Is.True, "the newest of its own stayed");
    }

    [Test]
    public void A_page_that_was_hit_outlives_others()
    {
        var cache = Create(16);
        var limited = Open(cache, 100);
        limited.QuotaPages = 4;
        for (var page = 1; page < 50; page++)
        {
            Read(limited, page, page + 1);
            Read(limited, 0, 1);
        }

        Assert.That(cache.Statistics.Fills, Is.EqualTo(50), "page 0 never went");
    }

    [Test]
    public void A_lower_quota_takes_pages_out_and_none_lets_them_in_again()
    {
        var cache = Create(16);
        var file = Open(cache, 16);
        Read(file, 0, 16);
        file.QuotaPages = 5;
        Assert.That((file.PagesInUse, file.QuotaPages), Is.EqualTo((5, 5)));
        file.QuotaPages = 0;
        Read(file, 0, 16);
        Assert.That(file.PagesInUse, Is.EqualTo(16));
        Assert.That(() => file.QuotaPages = -1, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void With_all_its_pages_held_it_reads_beside_the_cache()
    {
        var cache = Create(16);
        var file = Open(cache, 16);
        file.QuotaPages = 2;
        using var first = file.GetFolio(0);
        using var second = file.GetFolio(1);
        Read(file, 2, 6);
        Assert.That((file.PagesInUse, cache.Statistics.FillsNotCached), Is.EqualTo((2, 4L)));
        file.QuotaPages = 1;
        Assert.That(file.PagesInUse, Is.EqualTo(2), "what is held stays");
    }

    [Test]
    public void What_is_dropped_or_fails_does_not_count()
    {
        var cache = Create(16);
        var store = new TestStore(16 * PageBytes);
        var file = cache.Open(store);
        file.QuotaPages = 4;
        Read(file, 0, 4);
        file.Invalidate(0, 2 * PageBytes);
        Assert.That(file.PagesInUse, Is.EqualTo(2));
        store.Failure = new IOException("no");
        Assert.That(() => file.Read(0, _byte), Throws.InstanceOf<IOException>());
        store.Failure = null;
        Assert.That(file.PagesInUse, Is.EqualTo(2));
        file.Truncate(0);
        Assert.That(file.PagesInUse, Is.Zero);
    }

    private static PageMapping Open(PageCache cache, int pages) => cache.Open(new TestStore((long)pages * PageBytes));

    private void Read(PageMapping file, int first, int end)
    {
        for (var page = first; page < end; page++)
        {
            Assert.That(file.Read((long)page * PageBytes, _byte), Is.EqualTo(1));
            RequireContent(_byte, (long)page * PageBytes);
        }
    }

    private static bool IsCached(PageMapping file, int page)
    {
        if (!file.TryGetFolio(page, out var folio))
            return false;
        folio.Dispose();
        return true;
    }
}
