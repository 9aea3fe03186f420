using System.Text.Json.Nodes;
using FolioRuntime.Report.Inputs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Report;

/// <summary>What folio-report reads, and that everything else is refused with a reason.</summary>
internal sealed class ScaleFileReaderTests : ReportFixture
{
    [Test]
    public void What_was_written_is_read()
    {
        var written = ScaleRuns.Whole();
        var read = ScaleFileReader.Read(Write("a.json", written));
        Assert.That((read.Name, read.Idle), Is.EqualTo(("a.json", 0)));
        Assert.That((read.Report.Verdict, read.Report.Machine, read.Report.EndedAt), Is.EqualTo((written.Verdict, written.Machine, written.EndedAt)));
        Assert.That(read.Report.Topology.ToString(), Is.EqualTo(written.Topology.ToString()));
        Assert.That(read.Report.Results.Select(result => result with { Memory = null }), Is.EqualTo(written.Results.Select(result => result with { Memory = null })));
        Assert.That(read.Report.Results[0].Memory, Is.EqualTo(written.Results[0].Memory));
    }

    [Test]
    public void Files_without_what_was_added_to_the_schema_are_read()
    {
        var read = ScaleFileReader.Read(Changed(root =>
        {
            foreach (var added in (string[])["endedAt", "workloads", "peers"])
                root.Remove(added);
            foreach (var result in root["results"]!.AsArray())
                result!.AsObject().Remove("memory");
        }));
        Assert.That(read.Report.EndedAt, Is.Null);
        Assert.That(read.Report.Workloads, Is.Null);
        Assert.That(read.Report.Results[0].Memory, Is.Null);
    }

    [Test]
    public void Combinations_in_which_nothing_was_done_are_left_out_and_counted()
    {
        var read = ScaleFileReader.Read(Write("a.json", ScaleRuns.Run(
            ScaleRuns.Result("larson", "native", 1, 1e6), ScaleRuns.Result("larson", "gc", 1, 0) with { Spread = double.NaN, NanosecondsPerOperation = double.PositiveInfinity })));
        Assert.That((read.Report.Results.Single().Peer, read.Idle), Is.EqualTo(("native", 1)));
    }

    [TestCase("", "it isn't JSON")]
    [TestCase("{ \"tool\": ", "it isn't JSON")]
    [TestCase("[1, 2]", "not a result of folio-scale")]
    [TestCase("{}", "names no tool")]
    [TestCase("{ \"tool\": \"folio-bench\", \"schema\": 1 }", "but of folio-bench")]
    [TestCase("{ \"tool\": 7, \"schema\": 1 }", "but of 7")]
    [TestCase("{ \"tool\": \"folio-scale\" }", "names no schema")]
    [TestCase("{ \"tool\": \"folio-scale\", \"schema\": 2 }", "has schema 2; this program reads schema 1")]
    [TestCase("{ \"tool\": \"folio-scale\", \"schema\": \"one\" }", "has schema one")]
    [TestCase("{ \"tool\": \"folio-scale\", \"schema\": 1 }", "schema 1 is broken")]
    public void Another_file_is_refused_with_its_name_and_what_is_wrong(string text, string problem) => Refuses(WriteText("other.json", text), problem);

    [TestCase("results")]
    [TestCase("machine")]
    [TestCase("topology")]
    [TestCase("verdict")]
    public void What_must_be_there_is_missed(string name)
    {
        Refuses(Changed(root => root.Remove(name)), name);
        Refuses(Changed(root => root[name] = null), "schema 1 is broken");
    }

    [TestCase("workload")]
    [TestCase("threads")]
    [TestCase("operationsPerSecond")]
    public void What_must_be_in_a_result_is_missed(string name) => Refuses(Changed(root => root["results"]![1]!.AsObject().Remove(name)), name);

    [TestCase("operationsPerSecond", "\"fast\"", "results[1].operationsPerSecond")]
    [TestCase("threads", "0", "results[1] has 0 threads")]
    [TestCase("peer", "\"\"", "results[1] has no peer")]
    [TestCase("workload", "\"\"", "results[1] has no workload")]
    [TestCase("memory", "[null]", "results[1] has a point of memory that is none")]
    [TestCase("peer", "\"folio-shared\"", "rent-return with folio-shared on 1 is in it twice")]
    public void A_wrong_figure_is_refused_with_its_place(string name, string value, string problem) =>
        Refuses(Changed(root => root["results"]![1]![name] = JsonNode.Parse(value)), problem);

    [Test]
    public void A_result_that_is_none_is_refused() => Refuses(Changed(root => root["results"]![1] = null), "results[1] is null");

    [Test]
    public void A_run_that_measured_nothing_is_refused_with_its_verdict() =>
        Refuses(Write("a.json", ScaleRuns.Run() with { Verdict = "interrupted" }), "nothing was measured (its verdict: interrupted)");

    [Test]
    public void What_is_no_file_is_refused()
    {
        Refuses(At("missing.json"), "there is no such file");
        Refuses(At("missing/too.json"), "there is no such file");
        Refuses(At(""), "it is a folder");
    }

    private static void Refuses(string path, string problem) => Assert.That(
        () => ScaleFileReader.Read(path), Throws.InstanceOf<InvalidFileException>().With.Message.StartsWith(path + ": ").And.Message.Contains(problem));

    private string Changed(Action<JsonObject> change)
    {
        var root = JsonNode.Parse(File.ReadAllText(Write("whole.json", ScaleRuns.Whole())))!.AsObject();
        change(root);
        return WriteText("changed.json", root.ToJsonString());
    }
}
