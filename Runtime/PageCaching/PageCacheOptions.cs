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

    /// <summary>Whether hits are told to the policy. A policy that doesn't ask for them does better without.</summary>
    public bool TellHits { get; init; } = true;
}
