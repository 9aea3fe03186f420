using System.Text.Json;
using FolioRuntime.Harness;
using FolioRuntime.Race;
using NUnit.Framework;

namespace FolioRuntime.Tests.Race;

/// <summary>The command line, from arguments to exit code and JSON.</summary>
internal sealed class RaceCommandTests
{
    [TestCase("--no-such-option")]
    [TestCase("--protocol", "no-such-protocol")]
    [TestCase("--scenario", "no-such-scenario")]
    [TestCase("--seconds", "0")]
    [TestCase("--seconds", "soon")]
    [TestCase("--threads", "1")]
    [TestCase("--seed", "-1")]
    [TestCase("--forge", "-1")]
    [TestCase("--hours", "0")]
    [TestCase("--hours", "100000")]
    [TestCase("--files", "/no/such/directory/anywhere")]
    [TestCase("surplus")]
    public void Wrong_usage_exits_64_and_says_why(params string[] arguments)
    {
        using var error = new StringWriter();
        Assert.That(RaceCommand.Run(arguments, TextWriter.Null, error), Is.EqualTo(ExitCode.Usage));
        Assert.That(error.ToString(), Is.Not.Empty);
    }

    [Test]
    public void List_names_every_protocol_and_scenario()
    {
        using var output = new StringWriter();
        Assert.That(RaceCommand.Run(["--list"], output, TextWriter.Null), Is.EqualTo(ExitCode.Pass));
        foreach (var name in (string[])["kernel-v4", "sticky", "runtime", "two-putters", "speculative", "stale-handles", "rent-return"])
            Assert.That(output.ToString(), Does.Contain(name));
    }

    [Test]
    public void Interrupted_before_it_starts_writes_what_it_has_and_exits_2()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using var interruption = new Interruption();
        interruption.Request();
        try
        {
            var exitCode = StressProgram.Run(
                RaceCommand.Create(TextWriter.Null, interruption.Token), ["--seed", "7", "--json", path], TextWriter.Null, TextWriter.Null);
            Assert.That(exitCode, Is.EqualTo(ExitCode.Inconclusive));
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            Assert.That(json.RootElement.GetProperty("verdict").GetString(), Is.EqualTo("interrupted"));
            Assert.That(json.RootElement.GetProperty("seed").GetUInt64(), Is.EqualTo(7));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void The_subject_alone_can_not_pass()
    {
        using var output = new StringWriter();
        string[] arguments = ["--protocol", "runtime", "--scenario", "stale-handles", "--seconds", "0.01"];
        Assert.That(RaceCommand.Run(arguments, output, TextWriter.Null), Is.EqualTo(ExitCode.Inconclusive));
        Assert.That(output.ToString(), Does.Contain("no control"));
    }
}
