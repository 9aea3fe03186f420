namespace FolioRuntime.PageCaching;

/// <summary>What a page cache holds and has done. Hits aren't counted: a hit writes nothing that is shared. Immutable.</summary>
public sealed record PageCacheStatistics
{
    /// <summary>The cache's name: <see cref="PageCacheOptions.Name"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Most pages that it holds.</summary>
    public required int CapacityPages { get; init; }

    /// <summary>Pages that it holds, those that are being filled or taken out included.</summary>
    public required int PagesInUse { get; init; }

    /// <summary>Pages that were read from their store, or constructed, each once for all that asked at the time.</summary>
    public required long Fills { get; init; }

    /// <summary>Folios of more than one page that were read; each of their pages counts as a fill.</summary>
    public required long LargeFolios { get; init; }

    /// <summary>Of the fills, pages that nobody had asked for when they were read.</summary>
    public required long ReadAhead { get; init; }

    /// <summary>Pages that couldn't be: the store failed, or there was no memory.</summary>
    public required long FillsFailed { get; init; }

    /// <summary>Fills whose page went to those that had asked and not into the cache, because every page there was held.</summary>
    public required long FillsNotCached { get; init; }

    /// <summary>Fills that were done again, because the range was truncated or invalidated meanwhile.</summary>
    public required long FillsDiscarded { get; init; }

    /// <summary>Pages that gave way to others, or to an allocation elsewhere in the runtime.</summary>
    public required long Reclaimed { get; init; }

    /// <summary>Victims that were kept, because somebody had a reference.</summary>
    public required long VictimsKept { get; init; }

    /// <summary>Pages that are dirty or being written now.</summary>
    public required long DirtyPages { get; init; }

    /// <summary>Pages that were written to their store.</summary>
    public required long PagesWritten { get; init; }

    /// <summary>Of the pages that were written or should have been, those of mappings that had been dirty for <see cref="PageCacheOptions.DirtyExpire"/>.</summary>
    public required long WrittenByAge { get; init; }

    /// <summary>Likewise, those that were because the runtime's memory was short, or a page that was missed found no room.</summary>
    public required long WrittenForMemory { get; init; }

    /// <summary>Pages that should have been: the store failed. They aren't dirty any more, except those of a type.</summary>
    public required long WritesFailed { get; init; }

    /// <summary>The types of pages that it has besides those of files, while they aren't disposed. Their pages count above like others.</summary>
    public required IReadOnlyList<PageTypeStatistics> Types { get; init; }
}
