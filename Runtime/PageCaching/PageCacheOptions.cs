namespace FolioRuntime.PageCaching;

/// <summary>How a page cache is set up.</summary>
public sealed record PageCacheOptions
{
    /// <summary>Name in messages and reports.</summary>
    public string Name { get; init; } = "page-cache";

    /// <summary>Most pages of 4 KiB that it holds; 1 or more.</summary>
    public required int CapacityPages { get; init; }

    /// <summary>Makes what decides which page goes when another needs room, from the capacity in pages. Default: <see cref="ReplacementPolicies.Adaptive"/>.</summary>
    public Func<int, IReplacementPolicy> Policy { get; init; } = ReplacementPolicies.Adaptive;

    /// <summary>
    /// Most pages that are read ahead at once where reads follow each other; 0 or 1: none, up to 1024. A window is never longer than a sixteenth of the cache. Default: 32, as 128 KiB on Linux (<c>read_ahead_kb</c>).
    /// </summary>
    public int ReadaheadPages { get; init; } = 32;

    /// <summary>
    /// What is read ahead comes in folios of up to 2^order pages, where the window and the alignment in the file have room for them and the runtime has memory in one piece; 0: each page has a folio of its own. Up to
    /// <see cref="MostFolioOrder"/>. Default: 0. Whoever sets it finds a page within the folio that he gets by <see cref="PageMapping.OffsetInFolio"/>. Linux: <c>mapping_set_large_folios</c>.
    /// </summary>
    public int LargestFolioOrder { get; init; }

    /// <summary>Most that <see cref="LargestFolioOrder"/> may be: folios of 4 MiB.</summary>
    public const int MostFolioOrder = 10;

    /// <summary>Above so many dirty pages, in per cent of the capacity, pages are written in the background; 0 to <see cref="DirtyPercent"/>. Linux: <c>dirty_background_ratio</c>.</summary>
    public int DirtyBackgroundPercent { get; init; } = 10;

    /// <summary>From so many dirty pages on, in per cent of the capacity and one page at least, whoever makes another one dirty first writes pages himself; up to 100. Linux: <c>dirty_ratio</c>.</summary>
    public int DirtyPercent { get; init; } = 20;

    /// <summary>
    /// Once a mapping has had a dirty page for so long, all its dirty pages are written in the background, without anybody flushing: after a sixth more at the latest, if the store keeps up. 10 milliseconds to a day, by the
    /// runtime's clock (<see cref="PoolRuntimeOptions.TimeProvider"/>), or <see cref="Timeout.InfiniteTimeSpan"/>: never. Default: 30 seconds. Linux: <c>dirty_expire_centisecs</c>, <c>dirty_writeback_centisecs</c>.
    /// </summary>
    public TimeSpan DirtyExpire { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether hits are told to the policy. A policy that doesn't ask for them does better without.</summary>
    public bool TellHits { get; init; } = true;

    /// <summary>Longest that somebody who needs memory waits for pages to be written at a time, without anybody else having waited in vain; zero: he doesn't. For tests.</summary>
    internal TimeSpan LongestReclaimWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Has the flusher run soon, on another thread. For tests.</summary>
    internal Action<IThreadPoolWorkItem> QueueFlusher { get; init; } = static flusher => ThreadPool.UnsafeQueueUserWorkItem(flusher, preferLocal: false);
}
