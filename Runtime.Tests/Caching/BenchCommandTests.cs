using System.Text.Json;
using FolioRuntime.Caching;
using FolioRuntime.Caching.Measuring;
using FolioRuntime.Harness;
using NUnit.Framework;

namespace FolioRuntime.Tests.Caching;

/// <summary>The command line of folio-cache bench. Says nothing about the figures but that there are some.</summary>
[NonParallelizable]
internal sealed class BenchCommandTests
{
    private string _json = "";

    [SetUp]
    public void ChooseFile() => _json = Path.Combine(Path.GetTempPath(), $"folio-cache-{Guid.NewGuid():N}.json");

    [TearDown]
    public void RemoveFile() => File.Delete(_json);

    [TestCase("--rounds", "2")]
    [TestCase("--size", "0")]
    [TestCase("--size", "65537")]
    [TestCase("--threads", "0")]
    [TestCase("--no-such-option")]
    public void Wrong_usage_exits_64_and_says_why(params string[] arguments)
    {
        using var errors = new StringWriter();
        Assert.That(CacheCommand.Run(["bench", .. arguments], TextWriter.Null, errors), Is.EqualTo(ExitCode.Usage));
        Assert.That(errors.ToString(), Does.Contain(arguments[0]));
    }

    [Test]
    public void Every_way_is_measured_and_written_as_schema_1()
    {
        using var output = new StringWriter();
        Assert.That(CacheCommand.Run(["bench", "--size", "64", "--threads", "1", "2", "--rounds", "3", "--seed", "1", "--json", _json], output, TextWriter.Null), Is.EqualTo(ExitCode.Pass));
        using var document = JsonDocument.Parse(File.ReadAllText(_json));
        var root = document.RootElement;
        Assert.That(
            (root.GetProperty("schema").GetInt32(), root.GetProperty("tool").GetString(), root.GetProperty("mode").GetString(), root.GetProperty("verdict").GetString()),
            Is.EqualTo((1, "folio-cache", "bench", "measured")));
        var results = root.GetProperty("results").EnumerateArray().ToArray();
        Assert.That(results.Select(result => result.GetProperty("nanosecondsPerOperation").GetDouble()), Is.All.Positive);
        string[] ways = ["random-access", "optimistic", "counted", "zero-copy", "typed", "read", "read-untold", "zero-copy-large", "read-large", "mapped", "mapped-accessor", "file-stream", "array", "dictionary", "bitfaster-lru", "bitfaster-lfu"];
        foreach (var threads in (int[])[1, 2])
        {
            var reads = results.Where(result => result.GetProperty("sizeBytes").GetInt32() == 64 && result.GetProperty("threads").GetInt32() == threads);
            Assert.That(reads.Take(ways.Length).Select(result => result.GetProperty("way").GetString()), Is.EqualTo(ways));
        }

        Assert.That(
            results[^24..].Select(result => result.GetProperty("way").GetString()),
            Is.EqualTo((string[])
            [
                "random-access", "read-and-copy", "miss", "miss-zero-copy", "miss-unread", "construct-destroy", "random-access", "scan", "scan-large", "allocate-free", "reclaim", "two-atomic-adds", "get-put",
                "random-access-write", "write-dirty", "write-clean", "mapped-store", "random-access-write", "write-dirty", "write-clean", "mapped-store",
                "write-4k", "write-128k", "writeback",
            ]));
        Assert.That(output.ToString(), Does.Contain("a page given up: ").And.Contain("a page of a type constructed in the place of one that is destroyed: "));
    }

    [TestCase(64)]
    [TestCase(4096)]
    [TestCase(10_000)]
    public void Every_way_gives_the_bytes_of_the_file(int sizeBytes)
    {
        using var files = new BenchFiles(seed: 1);
        Assert.That(() => files.RequireSame(sizeBytes), Throws.Nothing);
    }

    [Test]
    public void An_interrupted_run_says_so()
    {
        using var output = new StringWriter();
        Assert.That(new BenchRun(new BenchOptions([64], [1], 3, 1, null), output, new CancellationToken(canceled: true)).Run(), Is.EqualTo(ExitCode.Inconclusive));
        Assert.That(output.ToString(), Does.Contain("Interrupted"));
    }
}
