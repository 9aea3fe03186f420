using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FolioRuntime.Harness;
using FolioRuntime.Serve;
using FolioRuntime.Serve.Clients;
using FolioRuntime.Serve.Servers;
using NUnit.Framework;

namespace FolioRuntime.Tests.Serve;

/// <summary>The command line of folio-serve, from arguments over two child processes to exit code and JSON.</summary>
[NonParallelizable]
internal sealed class ServeCommandTests
{
    private string _json = "";

    [SetUp]
    public void ChooseFile() => _json = Path.Combine(Path.GetTempPath(), $"folio-serve-{Guid.NewGuid():N}.json");

    [TearDown]
    public void RemoveFile() => File.Delete(_json);

    [TestCase("--pool", "no-such")]
    [TestCase("--control", "no-such")]
    [TestCase("--control", "twice", "--pool", "folio")]
    [TestCase("--kinds", "no-such")]
    [TestCase("--rounds", "0")]
    [TestCase("--seconds", "0")]
    [TestCase("--requests", "-1")]
    [TestCase("--aborts", "-1")]
    [TestCase("--workers", "0")]
    [TestCase("--burst", "-1")]
    [TestCase("--settle", "-1")]
    [TestCase("--capacity", "0")]
    [TestCase("--heap-limit", "1")]
    [TestCase("--kinds", "echo", "--aborts", "1")]
    [TestCase("--kinds", "abort", "--requests", "1")]
    [TestCase("--no-such-option")]
    public void Wrong_usage_exits_64_and_says_why(params string[] arguments)
    {
        using var error = new StringWriter();
        Assert.That(ServeCommand.Run(arguments, TextWriter.Null, error), Is.EqualTo(ExitCode.Usage));
        Assert.That(error.ToString(), Does.Contain(arguments[0]).Or.Contain(arguments[^1]));
    }

    [Test]
    public void Both_pools_answer_every_kind_without_a_wrong_byte_and_are_written_as_schema_1()
    {
        Require(ExitCode.Pass, "--seconds", "3", "--rounds", "1", "--workers", "4", "--burst", "4", "--settle", "0.1", "--aborts", "5", "--requests", "1000", "--seed", "1", "--json", _json);
        using var json = JsonDocument.Parse(File.ReadAllText(_json));
        var root = json.RootElement;
        Assert.That((root.GetProperty("schema").GetInt32(), root.GetProperty("tool").GetString(), root.GetProperty("verdict").GetString()), Is.EqualTo((1, "folio-serve", "pass")));
        Assert.That(root.GetProperty("controls").EnumerateArray().Select(control => control.GetProperty("isCaught").GetBoolean()), Is.EqualTo((bool[])[true, true]));
        var pools = root.GetProperty("pools").EnumerateArray().ToArray();
        Assert.That(pools.Select(pool => pool.GetProperty("name").GetString()), Is.EqualTo((string[])["folio", "default"]));
        foreach (var pool in pools)
        {
            Assert.That(pool.GetProperty("requests").GetInt64(), Is.GreaterThanOrEqualTo(1000));
            Assert.That(pool.GetProperty("corruptedBytes").GetInt64(), Is.Zero);
            Assert.That(pool.GetProperty("abortedConnections").GetInt64(), Is.GreaterThanOrEqualTo(5));
            Assert.That(pool.GetProperty("requestsPerSecond").GetDouble(), Is.Positive);
            var latency = pool.GetProperty("latencyMicroseconds");
            Assert.That(((string[])["p50", "p99", "p999"]).Select(name => latency.GetProperty(name).GetInt64()), Is.Ordered.And.All.Positive);
            Assert.That(((string[])["rssIdleBytes", "rssPeakBytes", "rssAfterBurstBytes"]).Select(name => pool.GetProperty(name).GetInt64()), Is.All.Positive);
            Assert.That(pool.GetProperty("memory").EnumerateArray().Select(point => point.GetProperty("bytes").GetInt64()), Is.All.Positive);
        }

        Assert.That(pools[0].GetProperty("buffersInside").GetInt64(), Is.Positive);
        Assert.That(pools[0].GetProperty("buffersOutside").GetInt64(), Is.Zero);
        Assert.That(pools[1].GetProperty("buffersInside").GetInt64(), Is.Zero);
        Assert.That(root.GetProperty("comparison").GetProperty("requestsPerSecondRatio").GetDouble(), Is.Positive);
    }

    [Test]
    public void A_runtime_that_is_too_small_serves_from_arrays_and_says_so()
    {
        var output = Require(ExitCode.Pass, "--pool", "folio", "--seconds", "1", "--rounds", "1", "--workers", "4", "--capacity", "4", "--burst", "12", "--settle", "0", "--seed", "1");
        Assert.That(output, Does.Contain("blocks were arrays because the capacity was spent"));
    }

    [TestCase("claimed", "not in the runtime's memory", "1")]
    [TestCase("twice", "wrong bytes", "1000000000000")]
    public void A_control_fails_and_what_has_failed_goes_on_for_no_number_of_requests(string control, string why, string requests) =>
        Assert.That(Require(ExitCode.Violation, "--control", control, "--requests", requests, "--seconds", "1", "--rounds", "1", "--burst", "0", "--seed", "1", "--kinds", "json", "upload", "download"), Does.Contain(why));

    [TestCase(0)]
    [TestCase(1500)]
    public void A_server_that_is_killed_is_a_violation_and_ends_the_run(int milliseconds)
    {
        using var output = new Killer("folio", milliseconds);
        string[] arguments = ["--seconds", "600", "--rounds", "1", "--workers", "4", "--burst", "0", "--requests", "1000000000", "--pool", "folio", "--seed", "1", "--json", _json];
        Assert.That(ServeCommand.Run(arguments, output, output), Is.EqualTo(ExitCode.Violation), output.ToString());
        Assert.That(output.ToString(), Does.Contain("WRONG: the server over the pool folio has ended by itself, with exit code 137"));
        using var json = JsonDocument.Parse(File.ReadAllText(_json));
        Assert.That(json.RootElement.GetProperty("verdict").GetString(), Is.EqualTo("violation"));
        Assert.That(json.RootElement.GetProperty("pools")[0].GetProperty("faults")[0].GetString(), Does.Contain("ended by itself"));
    }

    [Test]
    public void A_server_killed_in_its_burst_is_a_violation_too()
    {
        using var trial = new PoolTrial(ServedPool.Default, new ServeOptions([ServedPool.Default], false, [RequestKind.Json], 1, 1, 1, 0, 0, 2, 16, 0, 4, 768, null), CancellationToken.None);
        using var kill = new Timer(_ => Kill(trial.ServerId), null, TimeSpan.FromMilliseconds(200), Timeout.InfiniteTimeSpan);
        trial.RunBurst();
        Assert.That(trial.HasEnded);
        trial.Work(TimeSpan.FromHours(1), TimeSpan.FromHours(1), isMeasured: true);
        trial.NoteAfterBurst();
        Assert.That(trial.Report().Faults, Has.Some.Contains("ended by itself"));
    }

    [Test]
    public void A_server_that_does_not_start_proves_nothing()
    {
        // Of a capacity that a server refuses, as the command line would.
        using var output = new StringWriter();
        var options = new ServeOptions([ServedPool.Folio], false, [RequestKind.Json], 1, 1, 1, 0, 0, 2, 0, 0, 0, 768, _json);
        Assert.That(new ServeRun(options, output, CancellationToken.None).Run(), Is.EqualTo(ExitCode.Inconclusive), output.ToString());
        Assert.That(output.ToString(), Does.Contain("didn't start"));
        Assert.That(File.ReadAllText(_json), Does.Contain("\"verdict\": \"inconclusive\""));
    }

    [Test]
    public void Stopped_it_ends_soon_with_what_it_has()
    {
        using var interruption = new Interruption();
        interruption.Request();
        using var output = new StringWriter();
        var code = StressProgram.Run(ServeCommand.Create(output, interruption.Token), ["--json", _json], output, TextWriter.Null);
        Assert.That(code, Is.EqualTo(ExitCode.Inconclusive), output.ToString());
        Assert.That(File.ReadAllText(_json), Does.Contain("\"verdict\": \"interrupted\""));
    }

    private static string Require(int exitCode, params string[] arguments)
    {
        using var output = new StringWriter();
        Assert.That(ServeCommand.Run(arguments, output, output), Is.EqualTo(exitCode), output.ToString());
        return output.ToString();
    }

    private static void Kill(int process)
    {
        using var server = Process.GetProcessById(process);
        server.Kill();
    }

    /// <summary>Kills the server of a pool some time after its process has been printed.</summary>
    private sealed class Killer(string pool, int milliseconds) : StringWriter
    {
        private Timer? _timer;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not ["server", var name, "process", var process] || name != pool)
                return;
            var id = int.Parse(process, CultureInfo.InvariantCulture);
            _timer = new Timer(_ => Kill(id), null, TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        }

        protected override void Dispose(bool disposing)
        {
            _timer?.Dispose();
            base.Dispose(disposing);
        }
    }
}
