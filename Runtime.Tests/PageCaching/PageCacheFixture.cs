using FolioRuntime.PageCaching;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>A runtime with a page cache for each test. Afterwards the cache holds nothing and the runtime has lost nothing.</summary>
public abstract class PageCacheFixture() : RuntimeFixture(generationBits: 32)
{
    internal const int PageBytes = 4096;

    private readonly List<PageCache> _caches = [];

    private protected TestClock Policy { get; private set; } = null!;

    /// <summary>What is to be run in the background where the background limit is 100 per cent: the test's own matter.</summary>
    private protected Queue<IThreadPoolWorkItem> Queued { get; } = new();

    /// <summary>A cache whose policy is <see cref="Policy"/>. Nothing is written because of its age unless that is said.</summary>
    internal PageCache Create(
        int capacityPages, bool tellHits = true, int readaheadPages = 0, int backgroundPercent = 100, int dirtyPercent = 100, int largestOrder = 0, TimeSpan? expire = null, TimeSpan? longestWait = null)
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
            DirtyExpire = expire ?? Timeout.InfiniteTimeSpan,
            LongestReclaimWait = longestWait ?? TimeSpan.Zero,
            QueueFlusher = backgroundPercent < 100 || longestWait is not null ? new PageCacheOptions { CapacityPages = 1 }.QueueFlusher : Queued.Enqueue,
        });
        _caches.Add(cache);
        return cache;
    }

    /// <summary>Runs what is queued.</summary>
    /// <returns>How much it was.</returns>
    internal int RunQueued()
    {
        var count = Queued.Count;
        while (Queued.TryDequeue(out var flusher))
            flusher.Execute();
        return count;
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
        Queued.Clear();
        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero, "every page is back");
    }
}
