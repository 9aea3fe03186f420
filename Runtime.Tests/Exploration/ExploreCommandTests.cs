using FolioRuntime.Exploration;
using FolioRuntime.Harness;
using NUnit.Framework;

namespace FolioRuntime.Tests.Exploration;

/// <summary>The command line of folio-explore, from arguments to exit code.</summary>
[TestFixture]
[Category("Exploration")]
[NonParallelizable]
public sealed class ExploreCommandTests
{
    [TestCase("--no-such-option")]
    [TestCase("--scenario", "no-such-scenario")]
    [TestCase("--memory", "none")]
    [TestCase("--seconds", "0")]
    [TestCase("--executions", "0")]
    [TestCase("--replay", "3A")]
    public void Wrong_usage_exits_64_and_says_why(params string[] arguments)
    {
        using var error = new StringWriter();
        Assert.That(ExploreCommand.Run(arguments, TextWriter.Null, error), Is.EqualTo(ExitCode.Usage));
        Assert.That(error.ToString(), Is.Not.Empty);
    }

    [Test]
    public void What_is_explored_to_its_end_passes_and_a_caught_control_too() =>
        Require(ExitCode.Pass, "pass: 3 explorations", "--scenario", "published-race", "kernel-v4");

    [Test]
    public void One_scenario_cut_short_in_the_middle_is_inconclusive() =>
        Require(ExitCode.Inconclusive, "inconclusive", "--scenario", "lifetime-triples-return", "--executions", "10");

    [Test]
    public void A_schedule_that_fits_is_repeated_and_one_that_does_not_proves_nothing()
    {
        Require(ExitCode.Pass, "schedule A1 B7 C4 A2", "--scenario", "kernel-v4", "--memory", "sequential", "--replay", "A1 B7 C4 A2");
        Require(ExitCode.Inconclusive, "the schedule asks for steps that this scene can't make", "--scenario", "published-race", "--replay", "D9");
    }

    private static void Require(int exitCode, string text, params string[] arguments)
    {
        using var output = new StringWriter();
        Assert.That(ExploreCommand.Run(arguments, output, TextWriter.Null), Is.EqualTo(exitCode), output.ToString());
        Assert.That(output.ToString(), Does.Contain(text));
    }
}
