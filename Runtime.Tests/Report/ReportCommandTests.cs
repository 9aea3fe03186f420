using System.Net;
using System.Text.RegularExpressions;
using FolioRuntime.Harness;
using FolioRuntime.Report.Plots;
using FolioRuntime.Scale;
using NUnit.Framework;
using SkiaSharp;

namespace FolioRuntime.Tests.Report;

/// <summary>The command line of folio-report, from files to page, plots and exit code.</summary>
internal sealed partial class ReportCommandTests : ReportFixture
{
    [Test]
    public void The_page_has_every_workload_peer_and_machine_and_every_plot()
    {
        var other = ScaleRuns.Whole() with { Machine = ScaleRuns.Machine with { Processors = 96, Framework = ".NET 11.1.1" } };
        Require(ExitCode.Pass, Write("a.json", ScaleRuns.Whole()), Write("b.json", other), "--title", "A fine title");
        var page = WebUtility.HtmlDecode(Page());
        foreach (var text in (string[])["<h1>A fine title</h1>", "<h3>rent-return</h3>", "<h3>larson</h3>", "folio-shared", "array-pool", "native", "a.json", "b.json", "2026-05-04 03:02 UTC"])
            Assert.That(page, Does.Contain(text));
        foreach (var fact in (string[])["A Fine Processor", "L1d 32K, L2 1024K", "Some Linux 6", ".NET 10.0.1", ".NET 11.1.1", "just in time", "96 processors", "Threads a core (SMT)", "NUMA nodes"])
            Assert.That(page, Does.Contain(fact));
        Assert.That(page, Does.Contain("rents and returns <span class=\"dim\">(operation: one of each)</span>"));
        var pngs = Written().Where(name => name.EndsWith(".png", StringComparison.Ordinal));
        Assert.That(pngs, Is.EquivalentTo(
            from box in (string[])["box-1", "box-2"]
            from workload in (string[])["rent-return", "larson"]
            from kind in (string[])["scaling", "ratios", "latency", "memory"]
            select $"{box}-{workload}-{kind}.png"));
        Assert.That(Sources().Matches(page), Has.Count.EqualTo(pngs.Count()));
    }

    [Test]
    public void The_page_needs_nothing_else_and_its_links_lead_somewhere()
    {
        Require(ExitCode.Pass, Write("a.json", ScaleRuns.Whole()), "--compare", At("a.json"), At("a.json"));
        var page = WebUtility.HtmlDecode(Page());
        Assert.That(page, Does.StartWith("<!DOCTYPE html>").And.Not.Contains("://").And.Not.Contains("<script").And.Not.Contains("<link").And.Not.Contains("@import").And.Not.Contains("url("));
        Assert.That(Sources().Matches(page).Select(match => match.Groups[1].Value), Is.All.StartsWith("data:image/png;base64,"));
        var anchors = Ids().Matches(page).Select(match => $"#{match.Groups[1].Value}").ToArray();
        Assert.That(anchors, Is.Unique);
        Assert.That(Links().Matches(page).Select(match => match.Groups[1].Value).Distinct(), Is.SubsetOf(anchors).And.Not.Empty);
    }

    [Test]
    public void Plots_are_images_of_their_size_with_something_on_them()
    {
        Require(ExitCode.Pass, Write("a.json", ScaleRuns.Whole()), "--compare", At("a.json"), At("a.json"));
        var files = Written().Where(name => name.EndsWith(".png", StringComparison.Ordinal)).ToArray();
        Assert.That(files, Has.Length.EqualTo(9));
        foreach (var file in files)
        {
            using var image = SKBitmap.Decode(At($"out/{file}"));
            var height = file.EndsWith("-scaling.png", StringComparison.Ordinal) || file.EndsWith("-memory.png", StringComparison.Ordinal) ? ChartSheet.Height : ChartSheet.HeightOf(3);
            Assert.That((image.Width, image.Height), Is.EqualTo((ChartSheet.Width * ChartSheet.Scale, height * ChartSheet.Scale)), file);
            Assert.That(image.Pixels.Distinct().Count(), Is.GreaterThan(10), file);
        }
    }

    [Test]
    public void What_comes_from_a_file_is_escaped_and_names_no_path()
    {
        var evil = ScaleRuns.Run(ScaleRuns.Result("<script>alert(1)</script>", "a\"><img src=x>", 1, 1e6), ScaleRuns.Result("../../up", "../p", 1, 1e6)) with
        {
            Verdict = "<b>measured</b>",
            Machine = ScaleRuns.Machine with { System = "<i>&amp;" },
            NotHere = ["<u>"],
        };
        Require(ExitCode.Pass, Write("a.json", evil), "--title", "</title><script>");
        var page = Page();
        foreach (var tag in (string[])["<script", "<b>", "<i>", "<u>", "<img src=x"])
            Assert.That(page, Does.Not.Contain(tag));
        Assert.That(page, Does.Contain("&lt;script&gt;alert(1)&lt;/script&gt;").And.Contain("&lt;i&gt;&amp;amp;"));
        Assert.That(Written(), Has.Member("up-scaling.png").And.Member("script-alert-1-script-scaling.png"));
    }

    [Test]
    public void A_comparison_says_what_changed_and_that_the_machines_differ()
    {
        var before = ScaleRuns.Run(ScaleRuns.Result("larson", "gc", 1, 100), ScaleRuns.Result("larson", "native", 1, 100), ScaleRuns.Result("larson", "bag", 1, 100));
        var after = ScaleRuns.Run(ScaleRuns.Result("larson", "gc", 1, 200), ScaleRuns.Result("larson", "native", 1, 50), ScaleRuns.Result("larson", "bag", 1, 101));
        Require(ExitCode.Pass, "--compare", Write("before.json", before), Write("after.json", after));
        var page = Page();
        Assert.That(Verdicts().Matches(page).Select(match => match.Groups[1].Value), Is.EqualTo((string[])["faster", "slower", "no"]));
        Assert.That(page, Does.Not.Contain("different machines"));
        Require(ExitCode.Pass, "--compare", At("before.json"), Write("after.json", after with { Topology = ScaleRuns.Topology with { Model = "Another" } }));
        Assert.That(Page(), Does.Contain("different machines").And.Contain("Processor: A Fine Processor before, Another after"));
    }

    [Test]
    public void The_base_can_be_chosen_and_must_be_there()
    {
        var file = Write("a.json", ScaleRuns.Whole());
        Require(ExitCode.Pass, file, "--base", "native");
        Assert.That(Page(), Does.Contain("time, native = 1"));
        var (code, _, errors) = Run(file, "--base", "nobody");
        Assert.That((code, errors), Is.EqualTo((ExitCode.Usage, $"--base: no file has a peer 'nobody'; there are folio-shared, array-pool, native.{Environment.NewLine}")));
    }

    [Test]
    public void The_page_can_be_named_and_stand_alone()
    {
        Require(ExitCode.Pass, Write("a.json", ScaleRuns.Whole()), "--no-png", "--output", At("out/own.html"));
        Assert.That(Written(), Is.EqualTo((string[])["own.html"]));
    }

    [Test]
    public void With_a_wrong_file_among_them_nothing_is_written()
    {
        var (code, output, errors) = Run(Write("a.json", ScaleRuns.Whole()), WriteText("wrong.json", "{}"));
        Assert.That((code, output), Is.EqualTo((ExitCode.WrongInput, "")));
        Assert.That(errors, Does.StartWith($"{At("wrong.json")}: "));
        Assert.That(Written(), Is.Empty);
    }

    [Test]
    public void Where_the_page_cannot_be_written_it_says_so()
    {
        var file = Write("a.json", ScaleRuns.Whole());
        var (code, _, errors) = Run(file, "--output", Path.Combine(file, "below"));
        Assert.That(code, Is.EqualTo(ExitCode.CannotWrite));
        Assert.That(errors, Does.Contain("it can't be written"));
    }

    [TestCase]
    [TestCase("--no-such-option")]
    [TestCase("--compare", "one.json")]
    public void Wrong_usage_exits_64_and_says_why(params string[] arguments)
    {
        var (code, _, errors) = Run(arguments);
        Assert.That(code, Is.EqualTo(ExitCode.Usage));
        Assert.That(errors, Does.Contain(arguments.FirstOrDefault() ?? "Name a FILE"));
    }

    [Test]
    public void The_help_names_every_option_and_exit_code()
    {
        var (code, output, _) = Run("--help");
        Assert.That(code, Is.EqualTo(ExitCode.Pass));
        foreach (var text in (string[])["FILE", "--compare", "--output", "--base", "--title", "--no-png", "64 usage", "65", "73"])
            Assert.That(output, Does.Contain(text));
    }

    /// <summary>What folio-scale itself writes.</summary>
    [Test, NonParallelizable]
    public void A_run_of_folio_scale_becomes_a_page()
    {
        var json = At("real.json");
        string[] arguments = ["--workload", "rent-return", "try-get-put", "--peer", "folio-shared", "array-pool", "--threads", "1", "2", "--rounds", "1", "--seconds", "0.2", "--json", json];
        Assert.That(ScaleCommand.Run(arguments, TextWriter.Null, TextWriter.Null), Is.EqualTo(ExitCode.Pass));
        Require(ExitCode.Pass, json, "--compare", json, json);
        var page = WebUtility.HtmlDecode(Page());
        foreach (var text in (string[])["<h3>rent-return</h3>", "<h3>try-get-put</h3>", "too few rounds", MachineInfo.ThisMachine.Framework, MachineInfo.ThisMachine.System])
            Assert.That(page, Does.Contain(text));
        Assert.That(Written(), Has.Member("rent-return-memory.png").And.Member("rent-return-latency.png").And.Member("try-get-put-scaling.png"));
    }

    [GeneratedRegex("<img src=\"([^\"]*)\"")]
    private static partial Regex Sources();

    [GeneratedRegex(" id=\"([^\"]*)\"")]
    private static partial Regex Ids();

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex Links();

    [GeneratedRegex(@"<tr class=""\w*"">.*?<td>(\w+)</td>\s*</tr>", RegexOptions.Singleline)]
    private static partial Regex Verdicts();
}
