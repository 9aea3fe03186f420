namespace FolioRuntime.Tests.Properties;

/// <summary>Makes a failing program short: leaves out runs of steps, halves first, then single ones, as long as what is left still fails.</summary>
internal static class Shrinking
{
    /// <summary>
    /// A program that fails, of which no step can be left out. The predicate must answer the same for the same program.
    /// Source: Zeller and Hildebrandt's delta debugging, without its complements.
    /// </summary>
    public static TStep[] Minimize<TStep>(TStep[] failing, Func<TStep[], bool> fails)
    {
        // Ends: each round leaves a step out or halves the run, and the last one is of single steps.
        for (var run = Math.Max(1, failing.Length / 2); ; run = Math.Max(1, run / 2))
        {
            var shortened = false;
            for (var start = 0; start < failing.Length;)
            {
                TStep[] rest = [.. failing[..start], .. failing[Math.Min(start + run, failing.Length)..]];
                if (fails(rest))
                {
                    failing = rest;
                    shortened = true;
                }
                else
                {
                    start += run;
                }
            }

            if (run == 1 && !shortened)
                return failing;
        }
    }
}
