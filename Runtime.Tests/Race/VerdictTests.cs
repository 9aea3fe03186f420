using FolioRuntime.Harness;
using FolioRuntime.Race.Results;
using NUnit.Framework;

namespace FolioRuntime.Tests.Race;

/// <summary>What a run may claim.</summary>
internal sealed class VerdictTests
{
    [Test]
    public void Pass_needs_caught_controls_and_a_clean_subject()
    {
        var verdict = Verdict.Of(Results(controlViolations: 3, subjectViolations: 0), interrupted: false);
        Assert.That(verdict.Word, Is.EqualTo("pass"));
        Assert.That(verdict.ExitCode, Is.EqualTo(ExitCode.Pass));
    }

    [Test]
    public void A_control_that_behaves_makes_it_inconclusive()
    {
        var verdict = Verdict.Of(Results(controlViolations: 0, subjectViolations: 0), interrupted: false);
        Assert.That(verdict.Word, Is.EqualTo("inconclusive"));
        Assert.That(verdict.ExitCode, Is.EqualTo(ExitCode.Inconclusive));
        Assert.That(verdict.Sentence, Does.Contain("kernel-v4"));
    }

    [Test]
    public void A_violation_of_the_subject_outweighs_everything([Values] bool interrupted)
    {
        var verdict = Verdict.Of(Results(controlViolations: 0, subjectViolations: 1), interrupted);
        Assert.That(verdict.Word, Is.EqualTo(interrupted ? "interrupted" : "violation"));
        Assert.That(verdict.ExitCode, Is.EqualTo(ExitCode.Violation));
    }

    [Test]
    public void Interrupted_proves_nothing()
    {
        var verdict = Verdict.Of(Results(controlViolations: 3, subjectViolations: 0), interrupted: true);
        Assert.That(verdict.Word, Is.EqualTo("interrupted"));
        Assert.That(verdict.ExitCode, Is.EqualTo(ExitCode.Inconclusive));
    }

    [TestCase(true, false, Description = "controls alone")]
    [TestCase(false, true, Description = "the subject alone")]
    [TestCase(false, false, Description = "nothing at all")]
    public void Half_an_experiment_is_inconclusive(bool controls, bool subject)
    {
        var results = new RaceResults();
        if (controls)
            results.Units.Add(Unit("kernel-v4", violations: 5));
        if (subject)
            results.Units.Add(Unit("runtime", violations: 0));
        Assert.That(Verdict.Of(results, interrupted: false).ExitCode, Is.EqualTo(ExitCode.Inconclusive));
    }

    [Test]
    public void A_subject_that_met_no_stale_handle_is_inconclusive()
    {
        var results = new RaceResults();
        results.Units.Add(Unit("kernel-v4", violations: 5));
        results.Units.Add(Unit("runtime", violations: 0) with { StaleRejected = 0 });
        Assert.That(Verdict.Of(results, interrupted: false).ExitCode, Is.EqualTo(ExitCode.Inconclusive));
    }

    [Test]
    public void Files_and_forged_handles_count()
    {
        var results = Results(controlViolations: 3, subjectViolations: 0);
        results.Files = new FilesResult(10, 1000, 1);
        Assert.That(Verdict.Of(results, interrupted: false).ExitCode, Is.EqualTo(ExitCode.Violation));
        results.Files = new FilesResult(0, 0, 0);
        Assert.That(Verdict.Of(results, interrupted: false).ExitCode, Is.EqualTo(ExitCode.Inconclusive));
        results.Files = new FilesResult(10, 1000, 0);
        Assert.That(Verdict.Of(results, interrupted: false).ExitCode, Is.EqualTo(ExitCode.Pass));
        results.Forged = new ForgeResult(10, 1, 1);
        Assert.That(Verdict.Of(results, interrupted: false).ExitCode, Is.EqualTo(ExitCode.Violation));
        results.Forged = new ForgeResult(10, 0, 0);
        Assert.That(Verdict.Of(results, interrupted: false).ExitCode, Is.EqualTo(ExitCode.Inconclusive));
        results.Forged = new ForgeResult(10, 1, 0);
        Assert.That(Verdict.Of(results, interrupted: false).ExitCode, Is.EqualTo(ExitCode.Pass));
    }

    private static RaceResults Results(long controlViolations, long subjectViolations)
    {
        var results = new RaceResults();
        results.Units.Add(Unit("kernel-v4", controlViolations));
        results.Units.Add(Unit("sticky", violations: 7));
        results.Units.Add(Unit("runtime", subjectViolations));
        return results;
    }

    private static UnitResult Unit(string protocol, long violations) =>
        new(protocol, protocol != "runtime", "speculative", 4, 1, 1000, violations, 0, 100, 50, 0, violations > 0 ? 0.1 : double.NaN);
}
