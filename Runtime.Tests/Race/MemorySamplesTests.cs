using FolioRuntime.Harness;
using FolioRuntime.Race;
using FolioRuntime.Race.Results;
using NUnit.Framework;

namespace FolioRuntime.Tests.Race;

/// <summary>Whether memory stayed steady over hours.</summary>
internal sealed class MemorySamplesTests
{
    private const long Mebibyte = 1 << 20;

    [Test]
    public void What_settles_after_a_while_is_steady()
    {
        var memory = Judge(40, round => (200 + (round < 8 ? 40 * round : 320) + (round % 3), 20));
        Assert.That((memory.IsKnown, memory.IsSteady, memory.Samples), Is.EqualTo((true, true, 40)));
        Assert.That(memory.Remark, Does.StartWith("memory steady"));
    }

    [Test]
    public void What_goes_on_growing_is_not([Values] bool onTheHeap)
    {
        var memory = Judge(40, round => onTheHeap ? (300, 10 + (2 * round)) : (300 + (5 * round), 10));
        Assert.That(memory.IsSteady, Is.False);
        Assert.That(memory.Remark, Does.StartWith("memory grew"));
        var results = new RaceResults { Memory = memory };
        Assert.That(Verdict.Of(results, interrupted: false).ExitCode, Is.EqualTo(ExitCode.Violation));
    }

    [Test]
    public void A_few_rounds_tell_nothing()
    {
        var memory = Judge(11, _ => (100, 10));
        Assert.That((memory.IsKnown, memory.IsSteady), Is.EqualTo((false, false)));
        var verdict = Verdict.Of(new RaceResults { Memory = memory }, interrupted: false);
        Assert.That((verdict.ExitCode, verdict.Sentence), Is.EqualTo((ExitCode.Inconclusive, $"Inconclusive: {memory.Remark}.")));
    }

    [Test]
    public void A_soak_ends_each_round_with_a_line_on_memory_and_its_own_seed()
    {
        using var output = new StringWriter();
        string[] arguments = ["--hours", "0.001", "--seconds", "0.2", "--seed", "5", "--scenario", "two-putters"];
        var exitCode = RaceCommand.Run(arguments, output, TextWriter.Null);
        Assert.That(exitCode, Is.Not.EqualTo(ExitCode.Violation), output.ToString());
        Assert.That(output.ToString(), Does.Match(@"round +1  seed +5 .*resident").And.Match(@"round +2  seed +6 .*resident").And.Contain("memory "));
    }

    private static MemoryResult Judge(int rounds, Func<int, (long ResidentMebibytes, long HeapMebibytes)> of)
    {
        var samples = new MemorySamples();
        for (var round = 0; round < rounds; round++)
            samples.Add(of(round).ResidentMebibytes * Mebibyte, of(round).HeapMebibytes * Mebibyte);
        return samples.Judge(hours: 2);
    }
}
