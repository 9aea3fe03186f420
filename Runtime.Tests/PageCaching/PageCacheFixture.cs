using FolioRuntime.PageCaching;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>A runtime with a page cache for each test. Afterwards the cache holds nothing and the runtime has lost nothing.</summary>
public abstract class PageCacheFixture() : RuntimeFixture(generationBits: 32)
{
    internal const int PageBytes = 4096;

    private readonly List<PageCache> _caches = [];

    private protected TestClock Policy { get; private set; } = null!;

    /// <summary>A cache whose policy is <see cref="Policy"/>.</summary>
    internal PageCache Create(int capacityPages, bool tellHits = true, int readaheadPages = 0, int backgroundPercent = 100, int dirtyPercent = 100, int largestOrder = 0)
    {
        var cache = Pool.CreatePageCache(new PageCacheOptions
        {
            CapacityPages = capacityPages,
            Policy = capacity => Policy = new TestClock(capacity),
            TellHits = tellHits,
            ReadaheadPages = readaheadPages,
            LargestFolioOrder = largestOrder,
            DirtyBackgroundPercent = backgroundPercent,
            DirtyPercent = dirtyPercent,
        });
        _caches.Add(cache);
        return cache;
    }

    internal static void RequireContent(ReadOnlySpan<byte> bytes, long offsetBytes, int file = 1)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != TestStore.ByteAt(offsetBytes + i, file))
                throw new AssertionException($"byte {offsetBytes + i} of file {file} is {bytes[i]}");
        }
    }

    [TearDown]
    public void DisposeCaches()
    {
        foreach (var cache in _caches)
        {
            Assert.That(cache.Table.IsValid(), Is.True, "C2 after the test");
            cache.Dispose();
            Assert.That((cache.Statistics.PagesInUse, cache.Statistics.DirtyPages), Is.EqualTo((0, 0L)), "after the cache's end");
        }

        _caches.Clear();
        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero, "every page is back");
    }
}
