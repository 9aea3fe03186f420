namespace FolioRuntime.Caching.Tracing;

/// <summary>
/// Belady's optimum: gives up the page whose next use is furthest away. No policy that takes every missing page in misses less. Belady, "A study of replacement algorithms for a virtual-storage
/// computer", IBM Systems Journal 1966.
/// </summary>
internal static class Optimum
{
    public static int Misses(Trace trace, int capacity)
    {
        var next = NextUses(trace);
        var isIn = new bool[trace.Footprint];
        var nextUse = new int[trace.Footprint];

        // Furthest first. An entry whose page was used since, or has gone, is out of date and passed over.
        var furthest = new PriorityQueue<int, int>(trace.Pages.Length);
        var (misses, used) = (0, 0);
        for (var time = 0; time < trace.Pages.Length; time++)
        {
            var page = trace.Pages[time];
            if (!isIn[page])
            {
                misses++;
                if (used == capacity)
                    isIn[Furthest(furthest, isIn, nextUse)] = false;
                else
                    used++;
                isIn[page] = true;
            }

            nextUse[page] = next[time];
            furthest.Enqueue(page, -next[time]);
        }

        return misses;
    }

    private static int Furthest(PriorityQueue<int, int> furthest, bool[] isIn, int[] nextUse)
    {
        while (true)
        {
            furthest.TryDequeue(out var page, out var use);
            if (isIn[page] && nextUse[page] == -use)
                return page;
        }
    }

    // For each access, when the same page is used again; never: the largest number.
    private static int[] NextUses(Trace trace)
    {
        var next = new int[trace.Pages.Length];
        var seen = new int[trace.Footprint];
        Array.Fill(seen, int.MaxValue);
        for (var time = next.Length - 1; time >= 0; time--)
        {
            next[time] = seen[trace.Pages[time]];
            seen[trace.Pages[time]] = time;
        }

        return next;
    }
}
