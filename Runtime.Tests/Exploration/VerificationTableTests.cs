using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Exploration.Scenarios;
using FolioRuntime.Tests.Exploration.Mutants;
using FolioRuntime.Tests.Repository;
using NUnit.Framework;

namespace FolioRuntime.Tests.Exploration;

/// <summary>docs/VERIFICATION.md says of every scenario and mutant what was seen; with FOLIO_WRITE_TABLES=1 in the environment it is written anew.</summary>
[TestFixture]
[Category("Exploration")]
[NonParallelizable]
public sealed partial class VerificationTableTests
{
    private const string Document = "docs/VERIFICATION.md";

    [Test]
    public void The_table_of_scenarios_says_what_was_seen() => Require("scenarios", ScenarioTable());

    [Test]
    public void The_table_of_mutants_is_complete() => Require("mutants", MutantTable());

    private static string ScenarioTable()
    {
        var killed = MutantCatalog.All.GroupBy(mutant => mutant.KilledBy).ToDictionary(group => group.Key, group => group.Count());
        var table = new StringBuilder("| subject | scenario | checks | memory | bound | executions | complete | killed |\n|---|---|---|---|---|---:|---|---:|\n");
        foreach (var scenario in ScenarioCatalog.All)
        {
            foreach (var memory in Enum.GetValues<MemoryKind>().Where(memory => scenario.ReachUnder(memory) is not null))
            {
                var result = ScenarioResults.Of(scenario.Name, memory.ToString());
                var checks = scenario.IsControl ? "control" : string.Join(" ", scenario.Invariants);
                var complete = result.Failure is not null ? $"caught at {Number(result.FailingExecution!.Value)}" : result.Complete ? "yes" : "to the bound";
                var kills = memory == MemoryKind.Sequential && killed.TryGetValue(scenario.Name, out var count) ? Number(count) : "";
                table.Append(CultureInfo.InvariantCulture, $"| {scenario.Subject} | `{scenario.Name}` | {checks} | {memory.ToString().ToLowerInvariant()} | {result.Bound} | {Number(result.Executions)} | {complete} | {kills} |\n");
            }
        }

        return table.ToString();
    }

    private static string MutantTable()
    {
        var table = new StringBuilder("| mutant | of | what the line is for | killed by |\n|---|---|---|---|\n");
        foreach (var mutant in MutantCatalog.All)
            table.Append(CultureInfo.InvariantCulture, $"| {mutant.Name} | `{mutant.File}` | {mutant.About.Replace("|", "\\|", StringComparison.Ordinal)} | `{mutant.KilledBy}` |\n");
        return table.ToString();
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static void Require(string name, string table)
    {
        var text = RepositoryFiles.Read(Document);
        var begin = $"<!-- {name} -->\n";
        var start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var end = text.IndexOf($"<!-- /{name} -->", StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("FOLIO_WRITE_TABLES") == "1")
            File.WriteAllText(Path.Combine(RepositoryFiles.Root, Document), text[..start] + table + text[end..]);
        else
            RequireAlike(text[start..end], table);
    }

    // Debug builds assert more, and the assertions' own loads are steps; and what the collector moves in the middle is played again, which a search may see: a
    // handful of executions more in a small scene, some percent in a large one.
    private static void RequireAlike(string written, string seen)
    {
        Assert.That(Figure().Replace(written, "#"), Is.EqualTo(Figure().Replace(seen, "#")));
#if !DEBUG
        var figures = Figure().Matches(seen).Select(ValueOf);
        var differing = Figure().Matches(written).Select(ValueOf).Zip(figures).Where(static pair => Math.Abs(pair.First - pair.Second) > Math.Max(8, pair.Second / 10));
        Assert.That(differing, Is.Empty, "written and seen");
#endif
    }

    private static double ValueOf(Match figure) => double.Parse(figure.Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<=\| |caught at )[0-9,]+(?= \|)")]
    private static partial Regex Figure();
}
