using System.Net;
using System.Text.Json.Nodes;
using FolioRuntime.Harness;
using FolioRuntime.Harness.Scaling;
using FolioRuntime.Report.Plots;
using NUnit.Framework;
using SkiaSharp;

namespace FolioRuntime.Tests.Report;

/// <summary>What folio-report makes of a run of <c>folio-scale --memory-return</c>.</summary>
internal sealed class ReturnReportTests : ReportFixture
{
    private static readonly ReturnPoint[] s_course =
    [
        new(0, "before", 60 << 20), new(0.3, "filling", 60 << 20), new(0.4, "filling", 100 << 20), new(0.5, "full", 140 << 20), new(0.6, "freeing", 140 << 20), new(0.7, "by itself", 140 << 20),
        new(10.7, "by itself", 61 << 20),
    ];

    [Test]
    public void Each_row_has_a_plot_and_its_figures()
    {
        Require(ExitCode.Pass, Write("m.json", Returned()));
        var page = WebUtility.HtmlDecode(Page());
        foreach (var text in (string[])["<h1>What stays of memory that is returned</h1>", "m.json", "A Fine Processor", "14.40 %", "1.56 %", "1.69 %", "2026-05-04 03:02 UTC", "phase by phase: before, filling, full"])
            Assert.That(page, Does.Contain(text));
        var plots = Written().Where(name => name.EndsWith(".png", StringComparison.Ordinal)).ToArray();
        Assert.That(plots, Is.EquivalentTo((string[])["memory-return-64-trim.png", "memory-return-64-by-itself.png"]));
        foreach (var plot in plots)
        {
            using var image = SKBitmap.Decode(At($"out/{plot}"));
            Assert.That((image.Width, image.Height), Is.EqualTo((ChartSheet.Width * ChartSheet.Scale, ChartSheet.Height * ChartSheet.Scale)));
            Assert.That(image.Pixels.Distinct().Count(), Is.GreaterThan(10));
        }
    }

    [Test]
    public void It_shares_a_page_with_throughput_and_another_run()
    {
        Require(ExitCode.Pass, Write("m.json", Returned()), Write("s.json", ScaleRuns.Whole()), Write("n.json", Returned()));
        Assert.That(WebUtility.HtmlDecode(Page()), Does.Contain("<h1>Throughput against threads</h1>").And.Contain("id=\"memory-return\"").And.Contain("id=\"memory-return-2\"").And.Contain("<h3>larson</h3>"));
    }

    [Test]
    public void There_is_nothing_to_compare_in_it()
    {
        var (code, _, errors) = Run("--compare", Write("m.json", Returned()), Write("s.json", ScaleRuns.Whole()));
        Assert.That((code, errors), Is.EqualTo((ExitCode.WrongInput, $"{At("m.json")}: it has no throughput, but what stayed of memory that was returned.{Environment.NewLine}")));
    }

    [Test]
    public void One_that_was_stopped_before_its_first_row_is_refused() =>
        Refuses(Write("m.json", Returned() with { Verdict = "interrupted", MemoryReturn = [] }), "nothing was measured (its verdict: interrupted)");

    [TestCase("way", "\"\"", "memoryReturn[1] has no way")]
    [TestCase("sizeBytes", "0", "memoryReturn[1] has objects of 0 bytes")]
    [TestCase("filledBytes", "0", "memoryReturn[1] has 0 bytes filled")]
    [TestCase("metadataPercent", "\"NaN\"", "memoryReturn[1] has a figure that is none")]
    [TestCase("leftByItselfPercent", "\"Infinity\"", "memoryReturn[1] has a figure that is none")]
    [TestCase("course", "[]", "memoryReturn[1] has no course")]
    [TestCase("course", "[null]", "memoryReturn[1] has a point of its course that is none")]
    [TestCase("course", "[{ \"seconds\": 0, \"phase\": \"full\", \"rssBytes\": -1 }]", "memoryReturn[1] has a point of its course that is none")]
    [TestCase("course", "[{ \"seconds\": 0, \"rssBytes\": 1 }]", "schema 1 is broken")]
    public void A_wrong_figure_is_refused_with_its_place(string name, string value, string problem)
    {
        var root = JsonNode.Parse(File.ReadAllText(Write("whole.json", Returned())))!;
        root["memoryReturn"]![1]![name] = JsonNode.Parse(value);
        Refuses(WriteText("changed.json", root.ToJsonString()), problem);
    }

    [Test]
    public void A_row_that_is_none_is_refused()
    {
        var root = JsonNode.Parse(File.ReadAllText(Write("whole.json", Returned())))!;
        root["memoryReturn"]![1] = null;
        Refuses(WriteText("changed.json", root.ToJsonString()), "memoryReturn[1] is null");
    }

    private static ScaleReport Returned() => ScaleRuns.Run() with
    {
        Verdict = "pass",
        MemoryReturn = [new("trim", 64, 64 << 20, 14.4, 1.56, null, s_course[..5]), new("by itself", 64, 64 << 20, 14.41, null, 1.69, s_course)],
    };

    private void Refuses(string file, string problem)
    {
        var (code, _, errors) = Run(file);
        Assert.That(code, Is.EqualTo(ExitCode.WrongInput));
        Assert.That(errors, Does.Contain(Path.GetFileName(file)).And.Contain(problem));
        Assert.That(Written(), Is.Empty);
    }
}
