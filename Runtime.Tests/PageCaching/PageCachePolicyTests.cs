using FolioRuntime.PageCaching;
using FolioRuntime.Tests.PageCaching.Policies;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>The page cache over each policy that comes with it.</summary>
[TestFixture]
public sealed class PageCachePolicyTests() : RuntimeFixture(generationBits: 32)
{
    private const int PageBytes = PageCacheFixture.PageBytes;
    private const int CapacityPages = 16;
    private const int FilePages = 60;

    private static IEnumerable<string> Names => PolicyCatalog.Names;

    [TestCaseSource(nameof(Names))]
    public void Every_policy_serves_a_cache_whose_pages_are_pinned_and_truncated(string name)
    {
        using var cache = Pool.CreatePageCache(new PageCacheOptions { CapacityPages = CapacityPages, Policy = capacity => PolicyCatalog.Create(name, capacity) });
        using var mapping = cache.Open(new TestStore(FilePages * PageBytes));
        var bytes = new byte[100];
        for (var read = 0; read < 2_000; read++)
        {
            var page = (long)(read % 3 == 0 ? read % 7 : read * 31 % FilePages);
            using var pinned = mapping.GetFolio(read % FilePages);
            Assert.That(mapping.Read(page * PageBytes, bytes), Is.EqualTo(bytes.Length));
            PageCacheFixture.RequireContent(bytes, page * PageBytes);
            PageCacheFixture.RequireContent(pinned.Bytes, (long)(read % FilePages) * PageBytes);
            if (read % 100 == 99)
            {
                cache.Reclaim(5);
                mapping.Invalidate(10 * PageBytes, 4 * PageBytes);
            }
        }

        Assert.That(cache.Statistics.Reclaimed, Is.Positive);
        Assert.That(cache.Statistics.PagesInUse, Is.LessThanOrEqualTo(CapacityPages));
    }

    [Test]
    public void The_default_is_the_one_that_adapts() =>
        Assert.That(new PageCacheOptions { CapacityPages = 1 }.Policy(1).Name, Is.EqualTo("adaptive"));
}
