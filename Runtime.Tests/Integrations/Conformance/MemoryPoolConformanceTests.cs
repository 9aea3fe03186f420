using FolioRuntime.Tests.Repository;
using NUnit.Framework;

namespace FolioRuntime.Tests.Integrations.Conformance;

/// <summary>Every check on every candidate: this runtime's pools pass all, and docs/POOLS.md says truly where the others fall short.</summary>
public sealed class MemoryPoolConformanceTests
{
    private const string Document = "docs/POOLS.md";

    private static IEnumerable<TestCaseData> Ours =>
        from candidate in MemoryPoolCandidate.All.Where(candidate => candidate.IsOurs)
        from check in MemoryPoolChecks.All
        select new TestCaseData(candidate, check).SetArgDisplayNames(candidate.Name, check.Name);

    [TestCaseSource(nameof(Ours))]
    public void OursPasses(object candidate, object check) =>
        Assert.DoesNotThrow(() => ((MemoryPoolCheck)check).Run((MemoryPoolCandidate)candidate));

    [Test]
    public void TheTableIsWhatTheChecksFind()
    {
        var table = string.Join('\n', Table());
        var text = RepositoryFiles.Read(Document);
        if (Environment.GetEnvironmentVariable("FOLIO_WRITE_TABLES") == "1")
        {
            var start = text.IndexOf("| a pool |", StringComparison.Ordinal);
            var end = text.IndexOf("\n\n", start, StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(RepositoryFiles.Root, Document), text[..start] + table + text[end..]);
        }
        else
        {
            Assert.That(text, Does.Contain(table));
        }
    }

    private static IEnumerable<string> Table()
    {
        var candidates = MemoryPoolCandidate.All;
        yield return Row("a pool", candidates.Select(candidate => candidate.Name));
        yield return $"|{string.Concat(Enumerable.Repeat("---|", candidates.Count + 1))}";
        foreach (var check in MemoryPoolChecks.All)
            yield return Row(check.Name, candidates.Select(candidate => Answer(check, candidate)));
    }

    private static string Answer(MemoryPoolCheck check, MemoryPoolCandidate candidate)
    {
        try
        {
            return check.Run(candidate);
        }
        catch (ShortfallException shortfall)
        {
            return $"**no**: {shortfall.Message}";
        }
        catch (Exception exception) when (!candidate.IsOurs)
        {
            return $"**no**: `{exception.GetType().Name}`";
        }
    }

    private static string Row(string name, IEnumerable<string> cells) => $"| {name} | {string.Join(" | ", cells)} |";
}
