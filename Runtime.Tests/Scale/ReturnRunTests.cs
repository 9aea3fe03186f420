using System.Text.Json;
using FolioRuntime.Harness;
using FolioRuntime.Scale;
using FolioRuntime.Scale.Returning;
using NUnit.Framework;

namespace FolioRuntime.Tests.Scale;

/// <summary>What <c>folio-scale --memory-return</c> prints and writes. What stays resident is <see cref="Reclaiming.MemoryReturnTests"/>' business.</summary>
[NonParallelizable]
internal sealed class ReturnRunTests
{
    private const int Mebibytes = 8;

    private static readonly string[] s_both = ["before", "filling", "full", "freeing"];

    private string _json = "";

    [SetUp]
    public void ChooseFile() => _json = Path.Combine(Path.GetTempPath(), $"folio-return-{Guid.NewGuid():N}.json");

    [TearDown]
    public void RemoveFile() => File.Delete(_json);

    [Test]
    public void Each_size_and_way_is_a_row_with_its_course_through_all_phases()
    {
        using var output = new StringWriter();
        var exitCode = ReturnRun.Run(Mebibytes << 20, TimeSpan.Zero, _json, output, CancellationToken.None);
        using var json = JsonDocument.Parse(File.ReadAllText(_json));
        var root = json.RootElement;
        Assert.That((root.GetProperty("schema").GetInt32(), root.GetProperty("tool").GetString()), Is.EqualTo((1, "folio-scale")));
        Assert.That(root.GetProperty("verdict").GetString(), Is.EqualTo(exitCode == ExitCode.Pass ? "pass" : "violation"));
        Assert.That(root.GetProperty("machine").GetProperty("processors").GetInt32(), Is.EqualTo(Environment.ProcessorCount));
        Assert.That(((string[])["results", "ratios", "notHere"]).Select(name => root.GetProperty(name).GetArrayLength()), Is.All.Zero);
        var rows = root.GetProperty("memoryReturn").EnumerateArray().ToArray();
        Assert.That(
            rows.Select(row => (row.GetProperty("sizeBytes").GetInt32(), row.GetProperty("way").GetString())),
            Is.EqualTo(((int, string?)[])[(64, "trim"), (64, "by itself"), (4096, "trim"), (4096, "by itself")]));
        foreach (var row in rows)
            Check(row, isTrim: row.GetProperty("way").GetString() == "trim");
        foreach (var plot in (string[])["64 bytes, trim: ", "64 bytes, by itself: ", "4096 bytes, trim: ", "4096 bytes, by itself: ", "after the trim ", "judged from 2 GiB on"])
            Assert.That(output.ToString(), Does.Contain(plot));
    }

    [Test]
    public void Stopped_while_it_fills_it_ends_without_a_figure_and_says_so()
    {
        using var interruption = new Interruption();
        interruption.Request();
        using var output = new StringWriter();
        string[] arguments = ["--memory-return", "512", "--json", _json];
        Assert.That(StressProgram.Run(ScaleCommand.Create(output, interruption.Token), arguments, output, TextWriter.Null), Is.EqualTo(ExitCode.Inconclusive));
        Assert.That(output.ToString(), Does.Not.Contain("%  "));
        using var json = JsonDocument.Parse(File.ReadAllText(_json));
        Assert.That((json.RootElement.GetProperty("verdict").GetString(), json.RootElement.GetProperty("memoryReturn").GetArrayLength()), Is.EqualTo(("interrupted", 0)));
    }

    [Test]
    public void A_result_that_cannot_be_written_ends_it_before_it_fills()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.That(ScaleCommand.Run(["--memory-return", "16384", "--json", Path.GetTempPath()], output, error), Is.EqualTo(ExitCode.CannotWrite));
        Assert.That(output.ToString(), Is.Empty);
        Assert.That(error.ToString(), Does.Contain("can't be written"));
    }

    private static void Check(JsonElement row, bool isTrim)
    {
        Assert.That(row.GetProperty("filledBytes").GetInt64(), Is.EqualTo(Mebibytes << 20));
        Assert.That(double.IsFinite(row.GetProperty("metadataPercent").GetDouble()));
        Assert.That(row.GetProperty("leftAfterTrimPercent").ValueKind, Is.EqualTo(isTrim ? JsonValueKind.Number : JsonValueKind.Null));
        Assert.That(row.GetProperty("leftByItselfPercent").ValueKind, Is.EqualTo(isTrim ? JsonValueKind.Null : JsonValueKind.Number));
        var course = row.GetProperty("course").EnumerateArray().ToArray();
        Assert.That(course, Has.Length.LessThanOrEqualTo(CourseSeries.MostPoints));
        Assert.That(course.Select(point => point.GetProperty("seconds").GetDouble()), Is.Ordered.And.All.Not.Negative);
        Assert.That(course.Select(point => point.GetProperty("rssBytes").GetInt64()), Is.All.Positive);
        string[] last = isTrim ? ["trimming", "after the trim"] : ["by itself"];
        Assert.That(course.Select(point => point.GetProperty("phase").GetString()).Distinct(), Is.EqualTo(s_both.Concat(last)));
    }
}
