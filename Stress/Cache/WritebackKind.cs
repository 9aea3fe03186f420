using FolioRuntime.PageCaching;

namespace FolioRuntime.Caching;

/// <summary>Why a cache writes dirty pages that nobody flushes.</summary>
/// <param name="Name">In words.</param>
/// <param name="Percent">From so many dirty pages on, in per cent; 100: never because of that.</param>
/// <param name="Expire">When they are this old; infinite: never because of that.</param>
internal sealed record WritebackKind(string Name, int Percent, TimeSpan Expire)
{
    /// <summary>So many are dirty; they are too old; memory is short, and for no other reason.</summary>
    public static IReadOnlyList<WritebackKind> All { get; } =
    [
        new("ratio", 20, TimeSpan.FromSeconds(30)),
        new("age", 100, TimeSpan.FromMilliseconds(10)),
        new("memory", 100, Timeout.InfiniteTimeSpan),
    ];

    /// <summary>They take turns.</summary>
    public static WritebackKind Of(int number) => All[number % All.Count];

    /// <summary>Of a cache of so many pages.</summary>
    public PageCacheOptions Options(int capacityPages) => new() { CapacityPages = capacityPages, DirtyBackgroundPercent = Percent / (Percent < 100 ? 2 : 1), DirtyPercent = Percent, DirtyExpire = Expire };
}
