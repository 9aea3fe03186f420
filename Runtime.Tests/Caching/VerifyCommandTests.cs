using System.Text.Json;
using FolioRuntime.Caching;
using FolioRuntime.Caching.Verifying;
using FolioRuntime.Harness;
using NUnit.Framework;

namespace FolioRuntime.Tests.Caching;

/// <summary>The command line of folio-cache verify, from arguments to exit code and JSON.</summary>
[NonParallelizable]
internal sealed class VerifyCommandTests
{
    private static readonly VerifyOptions s_options = new(Seconds: 1.5, Threads: 4, Seed: 1, Directory: null, CachePages: 64, FaultOneIn: 200, Control: null, Json: null);

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("folio-cache-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("--seconds", "0")]
    [TestCase("--threads", "1")]
    [TestCase("--pages", "15")]
    [TestCase("--fault-one-in", "-1")]
    [TestCase("--control", "no-such")]
    [TestCase("--files", "no-such-directory")]
    [TestCase("--no-such-option")]
    public void Wrong_usage_exits_64_and_says_why(params string[] arguments)
    {
        using var errors = new StringWriter();
        Assert.That(CacheCommand.Run(["verify", .. arguments], TextWriter.Null, errors), Is.EqualTo(ExitCode.Usage));
        Assert.That(errors.ToString(), Does.Contain(arguments[0]).Or.Contain(arguments[^1]));
    }

    [Test]
    public void Every_way_of_reading_is_checked_and_written_as_schema_1()
    {
        File.WriteAllBytes(Path.Combine(_folder, "original"), [.. Enumerable.Range(0, 30_000).Select(i => (byte)(i * 7))]);
        var json = Path.Combine(_folder, "verify.json");
        var (code, output) = Run("--seconds", "3", "--threads", "4", "--seed", "7", "--files", _folder, "--json", json);
        Assert.That(code, Is.EqualTo(ExitCode.Pass), output);
        using var document = JsonDocument.Parse(File.ReadAllText(json));
        var root = document.RootElement;
        Assert.That(
            (root.GetProperty("schema").GetInt32(), root.GetProperty("tool").GetString(), root.GetProperty("mode").GetString(), root.GetProperty("verdict").GetString(), root.GetProperty("seed").GetInt64()),
            Is.EqualTo((1, "folio-cache", "verify", "pass", 7)));
        Assert.That(root.GetProperty("bytesChecked").GetInt64(), Is.Positive);
        Assert.That(root.GetProperty("wrongBytes").GetInt64(), Is.Zero);
        Assert.That(root.GetProperty("controls").EnumerateArray().Select(control => control.GetProperty("name").GetString()), Is.EqualTo((string[])["lookup-without-recheck", "optimistic-without-validation", "error-without-fence", "page-without-type"]));
        Assert.That(root.GetProperty("controls").EnumerateArray().Select(control => control.GetProperty("violations").GetInt32()), Is.All.Positive);
        Assert.That(root.GetProperty("reads").EnumerateObject().Select(way => (way.Name, way.Value.GetInt64() > 0)), Is.EqualTo((((string, bool)[])[("small", true), ("large", true), ("folio", true), ("async", true)])));
        Assert.That(
            ((string[])["faultsMet", "cancelled", "rewrites", "writes", "truncations", "holes", "invalidations", "pagesGivenUp", "pagesReadAhead", "pagesWritten", "writtenForMemory", "blocksRented", "nodesRead", "nodesChanged", "nodesDropped", "nodesConstructed", "nodesCleaned"]).Select(name => root.GetProperty(name).GetInt64()), Is.All.Positive);
        Assert.That(root.GetProperty("nodesDestroyed").GetInt64(), Is.EqualTo(root.GetProperty("nodesConstructed").GetInt64()), "each page is destroyed once");
        Assert.That(root.GetProperty("writtenByAge").GetInt64(), Is.Not.Negative, "in so short a run another reason may always come first");
        Assert.That(output, Does.Contain("1 files of 29.3 KiB"));
    }

    [TestCase("lookup-without-recheck")]
    [TestCase("optimistic-without-validation")]
    [TestCase("error-without-fence")]
    [TestCase("page-without-type")]
    public void A_control_alone_is_caught(string control)
    {
        var (code, output) = Run("--control", control, "--seconds", "10", "--seed", "1");
        Assert.That(code, Is.EqualTo(ExitCode.Violation));
        Assert.That(output, Does.Contain("Violation, as the control must have."));
    }

    [TestCase(0)]
    [TestCase(1)]
    public void With_its_line_right_a_control_is_clean(int control)
    {
        var tally = VerifyRound.Run(s_options, [], number: control, VerifyControl.All[control], TimeSpan.FromSeconds(1), isRight: true, CancellationToken.None);
        Assert.That((tally.ControlViolations, tally.WrongBytes, tally.Faults.Count), Is.EqualTo((0, 0L, 0)), string.Join("; ", tally.Faults));
    }

    [Test]
    public void With_its_fence_no_error_is_told_to_nobody() => Assert.That(UnfencedErrors.Run(isRight: true, TimeSpan.FromSeconds(0.5), CancellationToken.None), Is.Zero);

    [Test]
    public void With_its_recheck_no_page_is_of_another_type() => Assert.That(UncheckedNodes.Run(isRight: true, TimeSpan.FromSeconds(0.5), CancellationToken.None), Is.Zero);

    [Test]
    public void A_control_that_is_not_caught_makes_the_run_inconclusive()
    {
        var honest = new VerifyControl("honest", static (runtime, _) => new UnvalidatedRead(runtime, validates: true));
        using var output = new StringWriter();
        Assert.That(new VerifyRun(s_options, [honest], output, CancellationToken.None) { LeastControlSeconds = 1 }.Run(), Is.EqualTo(ExitCode.Inconclusive));
        Assert.That(output.ToString(), Does.Contain("NOT caught").And.Contain("Inconclusive"));
    }

    [Test]
    public void An_interrupted_run_is_inconclusive()
    {
        using var output = new StringWriter();
        Assert.That(new VerifyRun(s_options, VerifyControl.All, output, new CancellationToken(canceled: true)).Run(), Is.EqualTo(ExitCode.Inconclusive));
        Assert.That(output.ToString(), Does.Contain("Interrupted"));
    }

    private static (int ExitCode, string Output) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        return (CacheCommand.Run(["verify", .. arguments], output, TextWriter.Null), output.ToString());
    }
}
