using System.Net;
using FolioRuntime.Harness;
using FolioRuntime.Harness.Caching;
using NUnit.Framework;

namespace FolioRuntime.Tests.Report;

/// <summary>What folio-report makes of a run of folio-cache trace.</summary>
internal sealed class TraceReportTests : ReportFixture
{
    [Test]
    public void A_trace_has_a_section_with_a_plot_and_figures()
    {
        Require(ExitCode.Pass, Write("t.json", Played()));
        var page = WebUtility.HtmlDecode(Page());
        foreach (var text in (string[])["<h1>Miss ratios of replacement policies</h1>", "<h2>multi</h2>", "<h2>loop</h2>", "100 accesses to 10 pages", "belady", "adaptive", "25.0 %", "t.json"])
            Assert.That(page, Does.Contain(text));
        Assert.That(page, Does.Not.Contain("medians over interleaved rounds"));
        Assert.That(Written().Where(name => name.EndsWith(".png", StringComparison.Ordinal)), Is.EquivalentTo((string[])["trace-multi-misses.png", "trace-loop-misses.png"]));
    }

    [Test]
    public void Both_tools_share_a_page()
    {
        Require(ExitCode.Pass, Write("t.json", Played()), Write("s.json", ScaleRuns.Whole()));
        Assert.That(WebUtility.HtmlDecode(Page()), Does.Contain("<h1>Throughput against threads</h1>").And.Contain("<h2>multi</h2>").And.Contain("<h3>larson</h3>"));
    }

    [Test]
    public void What_comes_from_a_file_is_escaped()
    {
        Require(ExitCode.Pass, Write("t.json", new TraceReport(1, "folio-cache", "trace", "pass", 1, [], [], [new TraceFacts("<b>x</b>", 1, 1)], [new TraceResult("<b>x</b>", "<i>", 1, 1)])));
        Assert.That(Page(), Does.Not.Contain("<b>").And.Not.Contain("<i>"));
    }

    [TestCase("{ \"tool\": \"folio-cache\" }", "names no schema")]
    [TestCase("{ \"tool\": \"folio-cache\", \"schema\": 2 }", "schema 2")]
    [TestCase("{ \"tool\": \"folio-cache\", \"schema\": 1, \"mode\": \"bench\" }", "another mode")]
    [TestCase("{ \"tool\": \"folio-cache\", \"schema\": 1 }", "another mode")]
    [TestCase("{ \"tool\": \"folio-cache\", \"schema\": 1, \"mode\": \"trace\" }", "schema 1 is broken")]
    public void Another_file_is_refused(string text, string problem) => Refuses(WriteText("t.json", text), problem);

    [Test]
    public void Figures_that_are_none_are_refused()
    {
        var run = Played();
        Refuses(Write("a.json", run with { Results = [] }), "nothing was measured");
        Refuses(Write("b.json", run with { Results = [.. run.Results, run.Results[0]] }), "is in it twice");
        Refuses(Write("c.json", run with { Results = [.. run.Results, run.Results[0] with { MissRatio = 2 }] }), "results[4]");
        Refuses(Write("d.json", run with { Results = [.. run.Results, run.Results[0] with { Trace = "unknown" }] }), "results[4]");
        Refuses(Write("e.json", run with { Traces = [.. run.Traces, run.Traces[0]] }), "a trace twice");
        Refuses(Write("f.json", run with { Traces = [.. run.Traces, new TraceFacts("empty", 1, 1)] }), "without results");
    }

    private static TraceReport Played() => new(
        TraceReport.CurrentSchema, TraceReport.ToolName, TraceReport.ModeName, "pass", 1, [], [new CacheControl("control", 1)], [new TraceFacts("multi", 100, 10), new TraceFacts("loop", 100, 10)],
        [new("multi", "belady", 1, 0.25), new("multi", "adaptive", 1, 0.5), new("multi", "adaptive", 5, 0.3), new("loop", "belady", 1, 0.9)]);

    private string Write(string name, TraceReport report)
    {
        JsonFile.Write(At(name), report, TraceJson.Default.TraceReport);
        return At(name);
    }

    private void Refuses(string file, string problem)
    {
        var (code, _, errors) = Run(file);
        Assert.That(code, Is.EqualTo(ExitCode.WrongInput));
        Assert.That(errors, Does.Contain(Path.GetFileName(file)).And.Contain(problem));
        Assert.That(Written(), Is.Empty);
    }
}
