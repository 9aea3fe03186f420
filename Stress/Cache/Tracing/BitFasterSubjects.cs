using BitFaster.Caching;
using BitFaster.Caching.Lfu;
using BitFaster.Caching.Lru;
using BitFaster.Caching.Scheduler;

namespace FolioRuntime.Caching.Tracing;

/// <summary>BitFaster's caches, used by one thread: their figures are the policies', not the locks'.</summary>
internal static class BitFasterSubjects
{
    /// <summary>The least capacity that they take.</summary>
    public const int LeastCapacity = 3;

    public static int LruMisses(Trace trace, int capacity) =>
        Misses(trace, new ConcurrentLru<int, int>(concurrencyLevel: 1, capacity, EqualityComparer<int>.Default), static () => { });

    /// <summary>Its maintenance is done after every access, so that it knows all that a policy here knows.</summary>
    public static int LfuMisses(Trace trace, int capacity)
    {
        var cache = new ConcurrentLfu<int, int>(concurrencyLevel: 1, capacity, new ForegroundScheduler(), EqualityComparer<int>.Default);
        return Misses(trace, cache, cache.DoMaintenance);
    }

    private static int Misses(Trace trace, ICache<int, int> cache, Action maintain)
    {
        var misses = 0;
        foreach (var page in trace.Pages)
        {
            cache.GetOrAdd(page, key =>
            {
                misses++;
                return key;
            });
            maintain();
        }

        return misses;
    }
}
