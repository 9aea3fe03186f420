using FolioRuntime.PageCaching;

namespace FolioRuntime.Caching.Tracing;

/// <summary>All that traces are played to: the optimum first, then this runtime's policies, then BitFaster's.</summary>
internal static class TraceSubjects
{
    public const string Optimal = "belady";

    public static IReadOnlyList<TraceSubject> All { get; } =
    [
        new(Optimal, Optimum.Misses),
        .. ReplacementPolicies.All.Select(create => new TraceSubject(create(1).Name, (trace, capacity) => PolicySimulation.Misses(trace, capacity, create))),
        new("bitfaster-lru", BitFasterSubjects.LruMisses, BitFasterSubjects.LeastCapacity),
        new("bitfaster-lfu", BitFasterSubjects.LfuMisses, BitFasterSubjects.LeastCapacity),
    ];

    /// <summary>Has twice the pages that it may have, so it must miss less than the optimum somewhere; else the check notices nothing.</summary>
    public static TraceSubject Control { get; } = new("optimum-of-twice-the-pages", (trace, capacity) => Optimum.Misses(trace, capacity * 2));
}
