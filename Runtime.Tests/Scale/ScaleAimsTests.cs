using FolioRuntime.Harness.Scaling;
using FolioRuntime.Scale.Measurements;
using NUnit.Framework;

namespace FolioRuntime.Tests.Scale;

/// <summary>What folio-scale says of the figures that are aimed at, of times that are known.</summary>
internal sealed class ScaleAimsTests
{
    private static readonly string[] s_allocatorWorkloads = ["larson", "xmalloc-testN", "cache-scratch", "cache-thrash", "alloc-test", "mstress", "rptest", "sh6bench", "sh8bench"];

    [Test]
    public void A_ratio_is_the_median_of_the_rounds_ratios()
    {
        // One round was disturbed, for both.
        var aim = Judge(new("rent-return", "folio-exclusive", 1, [6, 60, 8]), new("rent-return", "array-pool", 1, [10, 100, 10])).Single();
        Assert.That((double[])[aim.Figure, aim.Low, aim.High], Is.EqualTo((double[])[0.6, 0.6, 0.7]).Within(1e-9));
        Assert.That((aim.Aim, aim.IsLeast, aim.Verdict, aim.Threads), Is.EqualTo((0.75, false, ScaleAim.Reached, 1)));
        Assert.That(Judge(new("rent-return", "folio-exclusive", 1, [8]), new("rent-return", "array-pool", 1, [10])).Single().Verdict, Is.EqualTo(ScaleAim.Missed));
    }

    [Test]
    public void Different_workloads_are_compared_too()
    {
        var aims = Judge(
            new("try-get-put", "folio-shared", 1, [11]), new("raw-atomics", "native", 1, [10]),
            new("optimistic-read", "folio-page", 1, [3]), new("get-copy-put", "folio-page", 1, [10]));
        Assert.That(aims.Select(aim => (aim.What, aim.Verdict)), Is.EqualTo(new[]
        {
            ("try-get-put: folio-shared to raw-atomics", ScaleAim.Reached), ("optimistic-read: folio-page to get-copy-put", ScaleAim.Missed),
        }));
        Assert.That(aims.Select(aim => aim.Figure), Is.EqualTo((double[])[1.1, 0.3]).Within(1e-9));
    }

    [Test]
    public void A_native_peer_is_compared_with_raw_and_net_of_the_calls()
    {
        var aims = Judge(new("rent-return", "folio-exclusive", 1, [6]), new("rent-return", "mimalloc", 1, [10]), new("native-call", "native", 1, [2]));
        Assert.That(aims.Select(aim => (aim.Figure, aim.Aim)), Is.EqualTo(new (double, double?)[] { (0.6, 0.6), (0.75, null) }));
    }

    [TestCase(5.0, 5.0, 10.0, 10.0, 1.0, ScaleAim.Reached)]
    [TestCase(5.0, 5.0, 10.0, 11.0, 0.91, ScaleAim.Missed)]
    [TestCase(5.0, 6.0, 10.0, 10.0, 1.2, "inconclusive: raw-atomics gains less than 1.8")]
    public void Scaling_is_judged_by_what_shares_nothing(double rawAlone, double rawTogether, double alone, double together, double figure, string verdict)
    {
        var aims = Judge(
            new("raw-atomics", "native", 1, [rawAlone]), new("raw-atomics", "native", 2, [rawTogether]),
            new("rent-return", "folio-shared", 1, [alone]), new("rent-return", "folio-shared", 2, [together]));
        Assert.That(aims.Select(aim => aim.What), Has.Exactly(1).Contains("raw-atomics: throughput of two threads over one").And.Exactly(2).Items);
        Assert.That(aims[1].Figure, Is.EqualTo(figure).Within(0.01));
        Assert.That((aims[1].Verdict, aims[1].IsLeast), Is.EqualTo((verdict, true)));
    }

    [Test]
    public void The_nine_are_judged_one_by_one_by_the_best_of_each_side_and_together()
    {
        var times = s_allocatorWorkloads.SelectMany(workload => new RoundTimes[]
        {
            new(workload, "folio-exclusive", 2, [workload == "rptest" ? 32 : 8]), new(workload, "folio-shared", 2, [40]),
            new(workload, "mimalloc", 2, [10]), new(workload, "tcmalloc", 2, [16]),
        }).ToArray();
        var aims = Judge(times);
        Assert.That(aims.Take(9).Select(aim => aim.Figure), Is.EqualTo(s_allocatorWorkloads.Select(workload => workload == "rptest" ? 3.2 : 0.8)).Within(1e-9));
        Assert.That(aims.Take(9).Select(aim => aim.Verdict), Is.EqualTo(s_allocatorWorkloads.Select(workload => workload == "rptest" ? ScaleAim.Missed : ScaleAim.Reached)));
        var mean = aims.Single(aim => aim.What == "geometric mean of these nine");
        Assert.That(mean.Figure, Is.EqualTo(Math.Pow(Math.Pow(0.8, 8) * 3.2, 1.0 / 9)).Within(1e-9));
        Assert.That(mean.Verdict, Is.EqualTo(ScaleAim.Missed));
        Assert.That(Judge([.. times.Where(time => time.Workload != "larson")]).Select(aim => aim.What), Has.None.Contains("geometric"), "not of eight");
    }

    [Test]
    public void What_was_not_measured_is_not_judged() => Assert.That(Judge(new RoundTimes("rent-return", "array-pool", 1, [1])), Is.Empty);

    private static IReadOnlyList<ScaleAim> Judge(params RoundTimes[] times) => new ScaleAims(times).Judge();
}
