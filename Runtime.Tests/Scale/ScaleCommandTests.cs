using System.Text.Json;
using FolioRuntime.Harness;
using FolioRuntime.Scale;
using FolioRuntime.Scale.Measurements;
using FolioRuntime.Scale.Peers;
using FolioRuntime.Scale.Plays;
using NUnit.Framework;

namespace FolioRuntime.Tests.Scale;

/// <summary>The command line of folio-scale, from arguments to exit code and JSON. What it measures is no test's business; that it measures is.</summary>
[NonParallelizable]
internal sealed class ScaleCommandTests
{
    private string _json = "";

    private static IEnumerable<string> Workloads => WorkloadCatalog.All.Select(workload => workload.Name);

    [SetUp]
    public void ChooseFile() => _json = Path.Combine(Path.GetTempPath(), $"folio-scale-{Guid.NewGuid():N}.json");

    [TearDown]
    public void RemoveFile() => File.Delete(_json);

    [TestCase("--workload", "no-such")]
    [TestCase("--peer", "no-such")]
    [TestCase("--threads", "0")]
    [TestCase("--threads", "many")]
    [TestCase("--rounds", "0")]
    [TestCase("--seconds", "0")]
    [TestCase("--no-such-option")]
    public void Wrong_usage_exits_64_and_says_why(params string[] arguments)
    {
        using var error = new StringWriter();
        Assert.That(ScaleCommand.Run(arguments, TextWriter.Null, error), Is.EqualTo(ExitCode.Usage));
        Assert.That(error.ToString(), Does.Contain(arguments[0]));
    }

    [Test]
    public void The_list_names_every_workload_and_every_peer()
    {
        using var output = new StringWriter();
        Assert.That(ScaleCommand.Run(["--list"], output, TextWriter.Null), Is.EqualTo(ExitCode.Pass));
        foreach (var name in Workloads.Concat(PeerCatalog.All.Select(peer => peer.Name)))
            Assert.That(output.ToString(), Does.Contain($"  {name} "));
    }

    /// <summary>Every combination that is there, so also that every workload gives back all that it got: a peer's runtime is disposed after each sample.</summary>
    [TestCaseSource(nameof(Workloads))]
    public void A_workload_is_measured_with_every_peer_that_is_here_and_written_as_schema_1(string workload)
    {
        Require(ExitCode.Pass, "--workload", workload, "--threads", "2", "--rounds", "1", "--seconds", "0.1", "--json", _json);
        using var json = JsonDocument.Parse(File.ReadAllText(_json));
        var root = json.RootElement;
        Assert.That((root.GetProperty("schema").GetInt32(), root.GetProperty("tool").GetString(), root.GetProperty("verdict").GetString()), Is.EqualTo((1, "folio-scale", "measured")));
        Assert.That(root.GetProperty("machine").GetProperty("processors").GetInt32(), Is.EqualTo(Environment.ProcessorCount));
        var results = root.GetProperty("results").EnumerateArray().ToArray();
        var notHere = root.GetProperty("notHere").EnumerateArray().Select(text => text.GetString()!.Split(' ')[0]);
        Assert.That(results.Select(result => result.GetProperty("peer").GetString()).Distinct(), Is.EquivalentTo(WorkloadCatalog.All.Single(known => known.Name == workload).Peers.Except(notHere)));
        foreach (var result in results)
        {
            Assert.That(result.GetProperty("workload").GetString(), Is.EqualTo(workload));
            Assert.That(result.GetProperty("operationsPerSecond").GetDouble(), Is.Positive);
            Assert.That(result.GetProperty("nanosecondsPerOperation").GetDouble(), Is.Positive);
            Assert.That(result.GetProperty("spread").GetDouble(), Is.Not.Negative);
            Assert.That(result.GetProperty("rssPeakBytes").GetInt64(), Is.GreaterThanOrEqualTo(result.GetProperty("rssAfterBytes").GetInt64()).And.Positive);
            var memory = result.GetProperty("memory").EnumerateArray().ToArray();
            Assert.That(memory.Length, Is.InRange(1, MemoryWatch.MostPoints));
            Assert.That(memory.Select(point => point.GetProperty("seconds").GetDouble()), Is.Ordered.And.All.Not.Negative);
            Assert.That(memory.Select(point => point.GetProperty("bytes").GetInt64()), Is.All.Positive);
            var latency = result.GetProperty("latency");
            Assert.That(((string[])["p50", "p99", "p999", "max"]).Select(name => latency.GetProperty(name).GetDouble()), Is.Ordered.And.All.Positive);
            Assert.That(latency.GetProperty("count").GetInt64(), Is.Positive);
        }
    }

    [Test]
    public void The_JSON_says_when_and_what_the_workloads_and_peers_in_it_are()
    {
        Require(ExitCode.Pass, "--workload", "rent-return", "--peer", "bag", "gc", "--threads", "1", "--rounds", "1", "--seconds", "0.1", "--json", _json);
        using var json = JsonDocument.Parse(File.ReadAllText(_json));
        Assert.That(json.RootElement.GetProperty("endedAt").GetDateTimeOffset(), Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromHours(1)));
        var workload = json.RootElement.GetProperty("workloads").EnumerateArray().Single();
        Assert.That(((string[])["name", "about", "operation"]).Select(name => workload.GetProperty(name).GetString()), Is.All.Not.Empty.And.Some.EqualTo("rent-return"));
        Assert.That(json.RootElement.GetProperty("peers").EnumerateArray().Select(peer => peer.GetProperty("name").GetString()), Is.EqualTo((string[])["bag", "gc"]));
    }

    [Test]
    public void Ratios_are_those_of_the_rounds()
    {
        Require(ExitCode.Pass, "--workload", "rent-return", "--peer", "folio-shared", "array-pool", "--threads", "1", "--rounds", "1", "--seconds", "0.1", "--json", _json);
        using var json = JsonDocument.Parse(File.ReadAllText(_json));
        var rates = json.RootElement.GetProperty("results").EnumerateArray().ToDictionary(result => result.GetProperty("peer").GetString()!, result => result.GetProperty("operationsPerSecond").GetDouble());
        var ratio = json.RootElement.GetProperty("ratios").EnumerateArray().Single();
        Assert.That((ratio.GetProperty("of").GetString(), ratio.GetProperty("to").GetString()), Is.EqualTo(("folio-shared", "array-pool")));
        Assert.That(ratio.GetProperty("ratio").GetDouble(), Is.EqualTo(rates["array-pool"] / rates["folio-shared"]).Within(1e-9).Percent);
    }

    [Test]
    public void Nothing_measured_is_inconclusive() => Require(ExitCode.Inconclusive, "--workload", "try-get-put", "--peer", "gc");

    [Test]
    public void Stopped_it_ends_soon_with_what_it_has()
    {
        using var interruption = new Interruption();
        interruption.Request();
        using var output = new StringWriter();
        var code = StressProgram.Run(ScaleCommand.Create(output, interruption.Token), ["--json", _json], output, TextWriter.Null);
        Assert.That(code, Is.EqualTo(ExitCode.Inconclusive));
        Assert.That(File.ReadAllText(_json), Does.Contain("\"verdict\": \"interrupted\""));
    }

    [Test]
    public void Stopped_in_the_middle_of_a_sample_it_drops_that_and_ends()
    {
        using var interruption = new Interruption();
        using var output = new StringWriter();

        // A sample of an hour: without the interruption this is the last test of all.
        using var soon = new Timer(_ => interruption.Request(), null, TimeSpan.FromMilliseconds(300), Timeout.InfiniteTimeSpan);
        string[] arguments = ["--workload", "raw-atomics", "--threads", "1", "--rounds", "1", "--seconds", "18000", "--json", _json];
        Assert.That(StressProgram.Run(ScaleCommand.Create(output, interruption.Token), arguments, output, TextWriter.Null), Is.EqualTo(ExitCode.Inconclusive));
        using var json = JsonDocument.Parse(File.ReadAllText(_json));
        Assert.That(json.RootElement.GetProperty("verdict").GetString(), Is.EqualTo("interrupted"));
        Assert.That(json.RootElement.GetProperty("results").GetArrayLength(), Is.Zero);
    }

    private static void Require(int exitCode, params string[] arguments)
    {
        using var output = new StringWriter();
        Assert.That(ScaleCommand.Run(arguments, output, output), Is.EqualTo(exitCode), output.ToString());
    }
}
