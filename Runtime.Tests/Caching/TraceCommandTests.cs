using System.IO.Compression;
using System.Text.Json;
using FolioRuntime.Caching;
using FolioRuntime.Caching.Tracing;
using FolioRuntime.Harness;
using NUnit.Framework;

namespace FolioRuntime.Tests.Caching;

/// <summary>The command line of folio-cache trace, from arguments to exit code and JSON.</summary>
internal sealed class TraceCommandTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("folio-cache-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("trace", "--policy", "no-such")]
    [TestCase("trace", "--size", "0")]
    [TestCase("trace", "--size", "101")]
    [TestCase("trace", "--seed", "many")]
    [TestCase("trace", "--no-such-option")]
    [TestCase("no-such-command")]
    public void Wrong_usage_exits_64_and_says_why(params string[] arguments)
    {
        var (code, _, errors) = Run(arguments);
        Assert.That(code, Is.EqualTo(ExitCode.Usage));
        Assert.That(errors, Does.Contain(arguments[^1]).Or.Contain(arguments[Math.Min(1, arguments.Length - 1)]));
    }

    [Test]
    public void Generated_traces_are_played_and_written_as_schema_1()
    {
        var json = At("trace.json");
        var (code, output, errors) = Run("trace", "--size", "5", "20", "--seed", "7", "--json", json);
        Assert.That(code, Is.EqualTo(ExitCode.Pass), output + errors);
        using var document = JsonDocument.Parse(File.ReadAllText(json));
        var root = document.RootElement;
        Assert.That(
            (root.GetProperty("schema").GetInt32(), root.GetProperty("tool").GetString(), root.GetProperty("mode").GetString(), root.GetProperty("verdict").GetString(), root.GetProperty("seed").GetInt64()),
            Is.EqualTo((1, "folio-cache", "trace", "pass", 7)));
        Assert.That(root.GetProperty("controls")[0].GetProperty("violations").GetInt32(), Is.Positive);
        var results = root.GetProperty("results").EnumerateArray().ToArray();
        Assert.That(results.Select(result => result.GetProperty("policy").GetString()).Distinct(), Is.EquivalentTo(TraceSubjects.All.Select(subject => subject.Name)).And.Member("belady"));
        Assert.That(results, Has.Length.EqualTo(3 * 2 * TraceSubjects.All.Count));
        Assert.That(results.Select(result => result.GetProperty("missRatio").GetDouble()), Is.All.InRange(0.0, 1.0));
        Assert.That(results.Select(result => result.GetProperty("sizePages").GetInt32()), Is.All.Positive);
        Assert.That(output, Does.Contain("zipf-scans: misses").And.Contain("means over the sizes"));
    }

    [Test]
    public void A_seed_repeats_a_run()
    {
        string[] arguments = ["trace", "--size", "10", "--policy", "adaptive", "--seed", "3"];
        var first = Run(arguments).Output;
        Assert.That(Run(arguments).Output, Is.EqualTo(first));
        Assert.That(first, Is.Not.EqualTo(Run([.. arguments[..^1], "4"]).Output));
    }

    [Test]
    public void Numbers_and_tables_are_read_plain_and_compressed()
    {
        File.WriteAllText(At("a.trace"), "7\n8\n\n7\n9\n");
        Compress(At("b.trace.gz"), "7\n8\n7\n9\n");
        File.WriteAllText(At("c.csv"), "version,time,op,size,lbn\n1,5,2a,512,7\n1,6,28,6656,8\n1,6,28,512,7\n1,6,28,512,9\n");
        Compress(At("d.csv.gz"), "time, obj_id, obj_size\n1, 7, 1\n1, 8, 1\n2, 7, 1\n3, 9, 1\n");
        foreach (var name in (string[])["a.trace", "b.trace.gz", "c.csv", "d.csv.gz"])
        {
            var trace = TraceReader.Read(At(name));
            Assert.That(trace.Name, Is.EqualTo(name[..1]));
            Assert.That(trace.Pages, Is.EqualTo((int[])[0, 1, 0, 2]));
            Assert.That(trace.Footprint, Is.EqualTo(3));
        }
    }

    [TestCase("", "no access")]
    [TestCase("1\nx\n", "line 2")]
    [TestCase("a,b\n1,2\n", "names none of the columns")]
    [TestCase("time,lbn\n1\n", "line 2")]
    [TestCase("time,lbn\n1,\n", "line 2")]
    [TestCase("\u001f\u008bno gzip", "can't be read")]
    public void A_file_that_is_no_trace_exits_65_with_what_is_wrong(string text, string problem)
    {
        File.WriteAllBytes(At("x.trace"), System.Text.Encoding.Latin1.GetBytes(text));
        var (code, _, errors) = Run("trace", At("x.trace"));
        Assert.That(code, Is.EqualTo(ExitCode.WrongInput));
        Assert.That(errors, Does.Contain("x.trace").And.Contain(problem));
    }

    [Test]
    public void A_file_that_is_not_there_exits_65() => Assert.That(Run("trace", At("none")).Errors, Does.Contain("no such file"));

    [Test]
    public void A_folder_exits_65() => Assert.That(Run("trace", _folder).Errors, Does.Contain(_folder));

    [Test]
    public void Who_misses_less_than_the_optimum_is_a_violation()
    {
        var cheat = new TraceSubject("clairvoyant", (_, _) => 0);
        Assert.That(Play(cheat, TraceSubjects.Control, CancellationToken.None, out var output), Is.EqualTo(ExitCode.Violation));
        Assert.That(output, Does.Contain("violation: ").And.Contain("clairvoyant missed 0 times"));
    }

    [Test]
    public void Who_names_a_page_that_is_not_in_is_a_violation()
    {
        var broken = new TraceSubject("broken", (trace, capacity) => PolicySimulation.Misses(trace, capacity, _ => new BrokenPolicy()));
        Assert.That(Play(broken, TraceSubjects.Control, CancellationToken.None, out var output), Is.EqualTo(ExitCode.Violation));
        Assert.That(output, Does.Contain("broken named page"));
    }

    [Test]
    public void A_control_that_is_not_noticed_makes_the_run_inconclusive()
    {
        var control = new TraceSubject("honest", Optimum.Misses);
        Assert.That(Play(TraceSubjects.All[1], control, CancellationToken.None, out var output), Is.EqualTo(ExitCode.Inconclusive));
        Assert.That(output, Does.Contain("inconclusive"));
    }

    [Test]
    public void An_interrupted_run_is_inconclusive()
    {
        Assert.That(Play(TraceSubjects.All[1], TraceSubjects.Control, new CancellationToken(canceled: true), out var output), Is.EqualTo(ExitCode.Inconclusive));
        Assert.That(output, Does.Contain("interrupted"));
    }

    private string At(string name) => Path.Combine(_folder, name);

    private static void Compress(string path, string text)
    {
        using var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.Fastest));
        writer.Write(text);
    }

    private static (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        return (CacheCommand.Run(arguments, output, errors), output.ToString(), errors.ToString());
    }

    private static int Play(TraceSubject subject, TraceSubject control, CancellationToken stop, out string output)
    {
        using var writer = new StringWriter();
        var code = new TraceRun(new TraceOptions([], [], [10], 1, null), [TraceSubjects.All[0], subject], control, writer, TextWriter.Null, stop).Run();
        output = writer.ToString();
        return code;
    }
}
