namespace FolioRuntime.PageCaching;

/// <summary>What a type of pages has and has done. Immutable.</summary>
public sealed record PageTypeStatistics
{
    /// <summary>The type's name: <see cref="PageTypeOptions.Name"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Pages of it that the cache holds, those that are being constructed included.</summary>
    public required int PagesInUse { get; init; }

    /// <summary>Pages that were constructed.</summary>
    public required long Constructed { get; init; }

    /// <summary>Of these, those whose destructor was run; the others are in the cache, or were dropped and somebody holds them.</summary>
    public required long Destroyed { get; init; }

    /// <summary>How often a changed page was cleaned.</summary>
    public required long Cleaned { get; init; }

    /// <summary>How often that failed. The page stayed.</summary>
    public required long CleansFailed { get; init; }
}
