using System.Text.Json;
using FolioRuntime.Harness;
using FolioRuntime.Race;
using FolioRuntime.Race.Hazards;
using FolioRuntime.Race.Results;
using NUnit.Framework;

namespace FolioRuntime.Tests.Race;

/// <summary>Hazards from the command line to verdict and JSON.</summary>
internal sealed class HazardCommandTests
{
    [Test]
    public void List_names_every_hazard_with_its_number_its_words_and_its_control()
    {
        using var output = new StringWriter();
        Assert.That(RaceCommand.Run(["--list"], output, TextWriter.Null), Is.EqualTo(ExitCode.Pass));
        foreach (var hazard in HazardCatalog.All)
        {
            Assert.That(output.ToString(), Does.Match($@"(?m)^  {hazard.Name} +{string.Join(", ", hazard.Numbers)}: "));
            Assert.That(output.ToString(), Does.Contain(hazard.Words));
            Assert.That(output.ToString(), Does.Contain($"control: {hazard.Control}"));
        }
    }

    [Test]
    public void One_scenario_passes_alone_and_its_JSON_has_both_sides_and_the_detectors_strength()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using var output = new StringWriter();
        try
        {
            string[] arguments = ["--scenario", "racing-returns", "--seconds", "0.2", "--threads", "4", "--seed", "5", "--json", path];
            Assert.That(RaceCommand.Run(arguments, output, TextWriter.Null), Is.EqualTo(ExitCode.Pass), output.ToString());
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            var hazard = json.RootElement.GetProperty("hazards").EnumerateArray().Single();
            Assert.That(hazard.GetProperty("name").GetString(), Is.EqualTo("racing-returns"));
            Assert.That(hazard.GetProperty("hazard").GetString(), Is.EqualTo(HazardCatalog.Find("racing-returns").Words));
            Assert.That(hazard.GetProperty("control").GetProperty("violations").GetInt64(), Is.Positive);
            Assert.That(hazard.GetProperty("control").GetProperty("operationsPerViolation").GetDouble(), Is.Positive);
            Assert.That(hazard.GetProperty("subject").GetProperty("operations").GetInt64(), Is.Positive);
            Assert.That(hazard.GetProperty("subject").GetProperty("violations").GetInt64(), Is.Zero);
            var strength = json.RootElement.GetProperty("strength").EnumerateArray().Single();
            Assert.That(strength.GetProperty("control").GetString(), Is.EqualTo("racing-returns"));
            Assert.That(output.ToString(), Does.Contain("per violation"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_control_that_was_not_caught_makes_the_run_inconclusive_and_a_violated_runtime_stands_whatever_else()
    {
        Assert.That(Verdict(controlViolations: 3, subjectViolations: 0), Is.EqualTo(ExitCode.Pass));
        Assert.That(Verdict(controlViolations: 0, subjectViolations: 0), Is.EqualTo(ExitCode.Inconclusive));
        Assert.That(Verdict(controlViolations: 0, subjectViolations: 1), Is.EqualTo(ExitCode.Violation));
        Assert.That(Verdict(controlViolations: 3, subjectViolations: 1), Is.EqualTo(ExitCode.Violation));
        Assert.That(Verdict(controlViolations: 3, subjectViolations: 0, subjectOperations: 0), Is.EqualTo(ExitCode.Inconclusive), "the subject was not run");
    }

    [Test]
    public void A_hazard_beside_a_protocol_does_not_stand_for_the_protocols_controls()
    {
        var results = new RaceResults();
        results.Add(Hazard(controlViolations: 3, subjectViolations: 0));
        results.Units.Add(new UnitResult("runtime", false, "speculative", 4, 1, 1000, 0, 0, 100, 50, 0, double.NaN));
        Assert.That(FolioRuntime.Race.Results.Verdict.Of(results, interrupted: false).ExitCode, Is.EqualTo(ExitCode.Inconclusive));
    }

    [Test]
    public void Rounds_of_one_hazard_add_up()
    {
        var results = new RaceResults();
        results.Add(Hazard(controlViolations: 3, subjectViolations: 0));
        results.Add(Hazard(controlViolations: 1, subjectViolations: 2));
        var sum = results.Hazards.Single();
        Assert.That(sum.Control, Is.EqualTo(new ControlCount(20, 4)));
        Assert.That(sum.Subject, Is.EqualTo(new SubjectCount(20, 2)));
    }

    private static int Verdict(long controlViolations, long subjectViolations, long subjectOperations = 10)
    {
        var results = new RaceResults();
        results.Add(Hazard(controlViolations, subjectViolations, subjectOperations));
        return FolioRuntime.Race.Results.Verdict.Of(results, interrupted: false).ExitCode;
    }

    private static HazardResult Hazard(long controlViolations, long subjectViolations, long subjectOperations = 10) =>
        new("capacity", "a cap overshot", new ControlCount(10, controlViolations), new SubjectCount(subjectOperations, subjectViolations));
}
