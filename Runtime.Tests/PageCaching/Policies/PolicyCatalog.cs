using FolioRuntime.PageCaching;

namespace FolioRuntime.Tests.PageCaching.Policies;

/// <summary>Every policy that ships, and what it must agree with.</summary>
internal static class PolicyCatalog
{
    public static IEnumerable<string> Names => ReplacementPolicies.All.Select(create => create(1).Name);

    public static IReplacementPolicy Create(string name, int capacity) => ReplacementPolicies.All.Single(create => create(1).Name == name)(capacity);

    public static IReplacementPolicy Model(string name, int capacity) => name switch
    {
        "adaptive" => new LirsModel(capacity, isAdaptive: true),
        "lirs" => new LirsModel(capacity, isAdaptive: false),
        "lru" => new LruModel(),
        "clock" => new ClockModel(),
        "sieve" => new SieveModel(),
        "two-list" => new TwoListModel(capacity),
        "s3-fifo" => new S3FifoModel(capacity),
        "arc" => new ArcModel(capacity),
        "w-tinylfu" => new WindowTinyLfuModel(capacity),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no model of it."),
    };
}
