using FolioRuntime.Harness.Scaling;
using FolioRuntime.Report.Boxes;
using FolioRuntime.Report.Inputs;
using FolioRuntime.Scale.Plays;
using NUnit.Framework;
using static FolioRuntime.Tests.Report.ScaleRuns;

namespace FolioRuntime.Tests.Report;

/// <summary>Runs put together by machine, and what is computed from them.</summary>
internal sealed class BoxTests
{
    [Test]
    public void Runs_of_one_machine_are_one_box_and_those_of_another_are_not()
    {
        ScaleFile other = new("c", Whole() with { Machine = Machine with { Processors = 96 } }, 0);
        ScaleFile otherCaches = new("d", Whole() with { Topology = Topology with { Caches = ["L1d 48K"] } }, 0);
        var boxes = BoxGrouping.Of([new ScaleFile("a", Whole(), 0), other, new ScaleFile("b", Whole() with { Topology = Topology with { Caches = [.. Topology.Caches] } }, 0), otherCaches]);
        Assert.That(boxes.Select(box => string.Join(' ', box.Files.Select(file => file.Name))), Is.EqualTo((string[])["a b", "c", "d"]));
        Assert.That(boxes.Select(box => box.Number), Is.EqualTo((int[])[1, 2, 3]));
        Assert.That(boxes[1].Label, Is.EqualTo("A Fine Processor, 96 processors"));
    }

    [Test]
    public void What_several_runs_measured_is_their_median_and_the_spread_holds_all_of_them()
    {
        var box = BoxGrouping.Of([Read("a", Result("larson", "gc", 2, 100)), Read("b", Result("larson", "gc", 2, 200, rounds: 3)), Read("c", Result("larson", "gc", 2, 180), Result("larson", "gc", 1, 5))]).Single();
        var merged = box.Of("larson")[0];
        Assert.That((merged.OperationsPerSecond, merged.Rounds, merged.Latency!.Count), Is.EqualTo((180.0, 21, 3000L)));
        Assert.That(merged.Spread, Is.EqualTo(100.0 / 180).Within(1e-12));
        Assert.That(merged.NanosecondsPerOperation, Is.EqualTo(2 / 180.0 * 1e9).Within(1e-3));
        Assert.That(box.Widest("larson").Single(), Is.EqualTo(merged));
    }

    [Test]
    public void Times_are_relative_to_the_base_the_fastest_first()
    {
        var box = BoxOf(Result("w", "slow", 1, 50), Result("w", "base", 1, 100), Result("w", "fast", 1, 400));
        var times = BaseRatios.Of(box, box.Of("w"), "base");
        Assert.That(times.Select(time => (time.Peer, time.Ratio)), Is.EqualTo(((string, double)[])[("fast", 0.25), ("base", 1), ("slow", 2)]));
        Assert.That(times[0].Low, Is.LessThan(0.25));
        Assert.That(times[0].High, Is.GreaterThan(0.25));
    }

    [Test]
    public void A_ratio_of_the_rounds_goes_before_that_of_the_medians_in_either_direction()
    {
        var report = Run(Result("w", "folio-shared", 1, 50), Result("w", "gc", 1, 100)) with { Ratios = [new ScaleRatio("w", 1, "folio-shared", "gc", 4, 2, 5)] };
        var box = BoxGrouping.Of([new ScaleFile("a", report, 0)]).Single();
        Assert.That(BaseRatios.Of(box, box.Of("w"), "gc")[1], Is.EqualTo(new RelativeTime("folio-shared", 4, 2, 5)));
        Assert.That(BaseRatios.Of(box, box.Of("w"), "folio-shared")[0], Is.EqualTo(new RelativeTime("gc", 0.25, 0.2, 0.5)));
    }

    [Test]
    public void Where_the_base_takes_no_part_the_first_peer_is_it()
    {
        var box = BoxOf(Result("w", "folio-page", 1, 50), Result("w", "gc", 1, 100));
        Assert.That((BaseRatios.BaseOf(box.Of("w"), "gc"), BaseRatios.BaseOf(box.Of("w"), "bag")), Is.EqualTo(("gc", "folio-page")));
    }

    [Test]
    public void The_mean_is_geometric_over_all_benchmarks_of_the_base_and_leaves_out_who_missed_one()
    {
        var box = BoxOf(
            Result("larson", "base", 2, 100), Result("larson", "other", 2, 50), Result("larson", "half", 2, 1),
            Result("mstress", "base", 2, 100), Result("mstress", "other", 2, 12.5), Result("rent-return", "other", 2, 1));
        var mean = AllocatorMean.Of(box, "base")!;
        Assert.That(mean.Workloads, Is.EqualTo((string[])["larson", "mstress"]));
        Assert.That(mean.LeftOut, Is.EqualTo((string[])["half"]));
        Assert.That(mean.Times.Select(time => time.Peer), Is.EqualTo((string[])["base", "other"]));
        Assert.That(mean.Times[1].Ratio, Is.EqualTo(4).Within(1e-12));
        Assert.That(AllocatorMean.Of(box, "half"), Is.Null);
    }

    [Test]
    public void The_nine_are_workloads_of_folio_scale() =>
        Assert.That(AllocatorMean.Names, Is.SubsetOf(WorkloadCatalog.All.Select(workload => workload.Name)).And.Count.EqualTo(9).And.Unique);

    [Test]
    public void Findings_name_the_fastest_and_who_gained_most_from_threads()
    {
        var box = BoxOf(Result("w", "a", 1, 100), Result("w", "b", 1, 60), Result("w", "a", 4, 200), Result("w", "b", 4, 180), Result("alone", "a", 1, 1));
        var finding = KeyFinding.Of(box).Single();
        Assert.That((finding.Workload, finding.FastestNarrow.Peer, finding.FastestWide.Threads, finding.BestScaling), Is.EqualTo(("w", "a", 4, "b")));
        Assert.That(finding.Lead, Is.EqualTo(200.0 / 180).Within(1e-12));
        Assert.That(finding.Gain, Is.EqualTo(3).Within(1e-12));
    }

    [Test]
    public void With_one_peer_on_one_number_of_threads_there_is_neither_lead_nor_gain()
    {
        var finding = KeyFinding.Of(BoxOf(Result("alone", "a", 1, 1))).Single();
        Assert.That((finding.Lead, finding.BestScaling, finding.Gain), Is.EqualTo(((double?)null, (string?)null, 0.0)));
    }

    private static Box BoxOf(params ScaleResult[] results) => BoxGrouping.Of([Read("a", results)]).Single();
}
