using FolioRuntime.Harness;
using FolioRuntime.Harness.Caching;

namespace FolioRuntime.Caching.Tracing;

/// <summary>Prints miss ratios in per cent: a table a trace, a row a policy, a column a size and their mean; then the means of all traces.</summary>
internal sealed class TraceTables(TextWriter output, ProgressView view)
{
    public void Show(IReadOnlyList<TraceResult> results)
    {
        var traces = results.GroupBy(result => result.Trace).ToArray();
        foreach (var trace in traces)
        {
            output.WriteLine();
            output.WriteLine($"{trace.Key}: misses in % at a size in pages");
            var sizes = trace.Select(result => result.SizePages).Distinct().Order().ToArray();
            view.Table(
                ["policy", .. sizes.Select(size => $"{size}"), "mean"],
                [.. trace.GroupBy(result => result.Policy).Select(policy => (string[])[policy.Key, .. sizes.Select(size => Of(policy.Where(result => result.SizePages == size))), Of(policy)])]);
        }

        if (traces.Length < 2)
            return;
        output.WriteLine();
        output.WriteLine("means over the sizes: misses in %");
        view.Table(
            ["policy", .. traces.Select(trace => trace.Key), "mean"],
            [.. results.GroupBy(result => result.Policy).Select(policy => (string[])
            [
                policy.Key, .. traces.Select(trace => Of(policy.Where(result => result.Trace == trace.Key))),
                Text(traces.Average(trace => Mean(policy.Where(result => result.Trace == trace.Key)))),
            ])]);
    }

    private static string Of(IEnumerable<TraceResult> results) => Text(Mean(results));

    private static double Mean(IEnumerable<TraceResult> results) => results.Select(result => result.MissRatio).DefaultIfEmpty(double.NaN).Average();

    private static string Text(double ratio) => double.IsNaN(ratio) ? "" : $"{ratio * 100:0.00}";
}
