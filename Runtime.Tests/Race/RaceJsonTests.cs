using System.Text.Json;
using FolioRuntime.Race.Results;
using NUnit.Framework;

namespace FolioRuntime.Tests.Race;

/// <summary>Schema 1 of the JSON: scripts read it, so members neither vanish nor change their names.</summary>
internal sealed class RaceJsonTests
{
    [Test]
    public void Has_exactly_the_members_of_schema_1()
    {
        var report = new RaceReport(
            1, "folio-race", 42, "pass", [new ProtocolResult("kernel-v4", "control", 10, 2, 3, 4)], new FilesResult(5, 6, 0), new ForgeResult(7, 8, 0),
            [new HazardResult("capacity", "a cap overshot", new ControlCount(30, 4), new SubjectCount(50, 0))],
            [new DetectorStrength("kernel-v4", 10, 2, 5), new DetectorStrength("capacity", 30, 4, 7.5)],
            new MemoryResult(0.5, 60, true, 100, 101, 10, 11));
        var json = JsonSerializer.Serialize(report, RaceJson.Default.RaceReport);
        var expected = """
            {"schema":1,"tool":"folio-race","seed":42,"verdict":"pass",
             "protocols":[{"name":"kernel-v4","role":"control","operations":10,"violations":2,"staleRejected":3,"recycles":4}],
             "files":{"count":5,"bytes":6,"mismatches":0},"forged":{"attempts":7,"rightlyAccepted":8,"wronglyAccepted":0},
             "hazards":[{"name":"capacity","hazard":"a cap overshot","control":{"operations":30,"violations":4,"operationsPerViolation":7.5},"subject":{"operations":50,"violations":0}}],
             "strength":[{"control":"kernel-v4","operations":10,"violations":2,"operationsPerViolation":5},{"control":"capacity","operations":30,"violations":4,"operationsPerViolation":7.5}],
             "memory":{"hours":0.5,"samples":60,"isSteady":true,"earlyResidentBytes":100,"lateResidentBytes":101,"earlyHeapBytes":10,"lateHeapBytes":11}}
            """;
        Assert.That(Normalized(json), Is.EqualTo(Normalized(expected)));
    }

    [Test]
    public void Parts_that_did_not_run_are_null()
    {
        var json = JsonSerializer.Serialize(new RaceReport(1, "folio-race", 42, "inconclusive", [], null, null, [], [], null), RaceJson.Default.RaceReport);
        using var document = JsonDocument.Parse(json);
        Assert.That(document.RootElement.GetProperty("files").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(document.RootElement.GetProperty("forged").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(document.RootElement.GetProperty("memory").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(document.RootElement.GetProperty("hazards").GetArrayLength(), Is.Zero);
    }

    [Test]
    public void A_control_that_was_not_caught_has_no_operations_per_violation()
    {
        Assert.That(new ControlCount(30, 0).OperationsPerViolation, Is.Null);
        Assert.That(new ControlCount(30, 4).OperationsPerViolation, Is.EqualTo(7.5));
    }

    private static string Normalized(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement, JsonSerializerOptions.Web);
    }
}
