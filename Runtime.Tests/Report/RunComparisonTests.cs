using FolioRuntime.Report.Comparisons;
using FolioRuntime.Report.Inputs;
using NUnit.Framework;
using static FolioRuntime.Tests.Report.ScaleRuns;

namespace FolioRuntime.Tests.Report;

/// <summary>Two runs held against each other.</summary>
internal sealed class RunComparisonTests
{
    [TestCase(100, 0.1, 100, 0.1, 9, ComparisonVerdict.WithinSpread)]
    [TestCase(100, 0.1, 109, 0.1, 9, ComparisonVerdict.WithinSpread, Description = "the ranges, 95 to 105 and 103.55 to 114.45, meet")]
    [TestCase(100, 0.1, 112, 0.1, 9, ComparisonVerdict.Faster)]
    [TestCase(100, 0.1, 88, 0.1, 9, ComparisonVerdict.Slower)]
    [TestCase(100, 0, 101, 0, 9, ComparisonVerdict.Faster)]
    [TestCase(100, 0, 100, 0, 9, ComparisonVerdict.WithinSpread)]
    [TestCase(100, 2, 180, 0, 9, ComparisonVerdict.WithinSpread, Description = "one wide spread is enough")]
    [TestCase(100, 0, 900, 0, 2, ComparisonVerdict.TooFewRounds)]
    [TestCase(100, 0, 900, 0, 3, ComparisonVerdict.Faster)]
    public void A_difference_counts_where_the_ranges_between_the_quartiles_do_not_meet(
        double before, double spreadBefore, double after, double spreadAfter, int rounds, ComparisonVerdict verdict)
    {
        var compared = new ComparedResult(Result("w", "p", 1, before, spreadBefore), Result("w", "p", 1, after, spreadAfter, rounds));
        Assert.That(compared.Verdict, Is.EqualTo(verdict));
        Assert.That(compared.Ratio, Is.EqualTo(before / after));
    }

    [Test]
    public void Only_what_both_measured_is_compared_and_the_rest_is_counted()
    {
        var comparison = RunComparison.Of(
            Read("a", Result("w", "p", 1, 100), Result("w", "p", 2, 200), Result("w", "gone", 1, 1)),
            Read("b", Result("w", "p", 2, 50), Result("w", "p", 1, 100), Result("new", "p", 1, 1), Result("new", "p", 2, 1)));
        Assert.That(comparison.Results.Select(result => (result.After.Workload, result.After.Threads, result.Ratio)), Is.EqualTo(((string, int, double)[])[("w", 1, 1), ("w", 2, 4)]));
        Assert.That((comparison.OnlyBefore, comparison.OnlyAfter), Is.EqualTo((1, 2)));
        Assert.That(comparison.MeanRatio, Is.EqualTo(2).Within(1e-12));
        Assert.That((comparison.Count(ComparisonVerdict.Slower), comparison.Count(ComparisonVerdict.WithinSpread)), Is.EqualTo((1, 1)));
        Assert.That(comparison.Differences, Is.Empty);
    }

    [Test]
    public void Runs_with_nothing_in_common_are_refused() =>
        Assert.That(() => RunComparison.Of(Read("a", Result("w", "p", 1, 1)), Read("b", Result("w", "p", 2, 1))), Throws.InstanceOf<InvalidFileException>().With.Message.Contain("in common"));

    [Test]
    public void In_what_the_machines_differ_is_said()
    {
        var other = Read("b", Result("w", "p", 1, 1));
        other = other with { Report = other.Report with { Machine = Machine with { Framework = ".NET 11" }, Topology = Topology with { NumaNodes = 2 } } };
        Assert.That(
            RunComparison.Of(Read("a", Result("w", "p", 1, 1)), other).Differences,
            Is.EqualTo((string[])["NUMA nodes: 1 before, 2 after", "Runtime: .NET 10.0.1 before, .NET 11 after"]));
    }
}
