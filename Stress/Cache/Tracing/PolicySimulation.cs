using FolioRuntime.PageCaching;

namespace FolioRuntime.Caching.Tracing;

/// <summary>A cache without pages: it only tells a policy what happens, and holds it to its contract.</summary>
internal static class PolicySimulation
{
    /// <exception cref="PolicyViolationException">The policy named a page that isn't in.</exception>
    public static int Misses(Trace trace, int capacity, Func<int, IReplacementPolicy> create)
    {
        const int Out = -1;
        var policy = create(capacity);
        var pageOf = new int[trace.Footprint];
        var keyOf = new int[capacity];
        Array.Fill(pageOf, Out);
        var (misses, used) = (0, 0);
        foreach (var key in trace.Pages)
        {
            if (pageOf[key] != Out)
            {
                policy.Accessed(pageOf[key]);
                continue;
            }

            misses++;
            var page = used < capacity ? used++ : policy.NextVictim();
            if (misses > capacity)
            {
                if ((uint)page >= (uint)capacity)
                    throw new PolicyViolationException($"{policy.Name} named page {page} of {capacity}, all of which are in");
                policy.Removed(page, reclaimed: true);
                pageOf[keyOf[page]] = Out;
            }

            (pageOf[key], keyOf[page]) = (page, key);
            policy.Added(page, (ulong)key);
        }

        return misses;
    }
}
