using System.Globalization;
using System.Text.RegularExpressions;
using FolioRuntime.Exploration.Scenarios;
using FolioRuntime.Race.Hazards;
using NUnit.Framework;

namespace FolioRuntime.Tests.Repository;

/// <summary>docs/HAZARDS.md has every hazard once, and whatever it names as an owner is there and is about that hazard.</summary>
public partial class HazardTableTests
{
    private const string Document = "docs/HAZARDS.md";
    private const int Hazards = 37;
    private const string NotBuilt = "not built yet";

    private static IReadOnlyList<(int Number, string Words, string Scenarios, string Explorer, string Tests)> Rows { get; } = [.. Row()
        .Matches(RepositoryFiles.Read(Document))
        .Select(row => (int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture), row.Groups[2].Value, row.Groups[3].Value, row.Groups[4].Value, row.Groups[5].Value))];

    private static IEnumerable<int> Numbers => Enumerable.Range(1, Hazards);

    [Test]
    public void EveryHazardIsThereOnce() => Assert.That(Rows.Select(row => row.Number), Is.EqualTo(Numbers));

    [Test]
    public void TheReadmeSaysHowManyScenariosThereAre() => Assert.That(RepositoryFiles.Read("README.md"), Does.Contain($"is a scenario too: {HazardCatalog.All.Count} so far"));

    [TestCaseSource(nameof(Numbers))]
    public void ItsScenariosExistAndAreAboutIt(int number)
    {
        var named = Spans(Of(number).Scenarios);
        Assert.That(named, Is.EquivalentTo(HazardCatalog.All.Where(hazard => hazard.Numbers.Contains(number)).Select(hazard => hazard.Name)));
    }

    [TestCaseSource(nameof(Numbers))]
    public void ItsTestsExistAndAreNamedAfterIt(int number)
    {
        foreach (var test in Spans(Of(number).Tests))
        {
            var name = TestName().Match(test);
            Assert.That(name.Success, Is.True, test);
            Assert.That(DocumentTypes.HasMember(name.Groups[1].Value, name.Groups[2].Value, isPrefix: true), Is.True, test);
            Assert.That(HazardNumber().Matches(test).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)), Has.Member(number), test);
        }
    }

    [TestCaseSource(nameof(Numbers))]
    public void ItsExplorerScenariosExistAndAreAboutIt(int number)
    {
        var about = ScenarioCatalog.All.Where(scenario => !scenario.IsControl && scenario.Members.Count == 0 && scenario.Hazards.Contains(number));
        var cell = string.Join(", ", about.Select(scenario => $"`{scenario.Name}`"));
        if (cell.Length == 0)
            cell = "–";
        if (Environment.GetEnvironmentVariable("FOLIO_WRITE_TABLES") == "1")
            Write(number, cell);
        else
            Assert.That(Of(number).Explorer, Is.EqualTo(cell));
    }

    [TestCaseSource(nameof(Numbers))]
    public void SomethingOwnsItOrItIsNotBuilt(int number)
    {
        var row = Of(number);
        var owners = Spans(row.Scenarios).Length + Spans(row.Explorer).Length + Spans(row.Tests).Length;
        Assert.That(row.Words, Is.Not.Empty);
        Assert.That(owners == 0, Is.EqualTo(row.Tests.Contains(NotBuilt, StringComparison.Ordinal)), $"{row}");
    }

    private static (int Number, string Words, string Scenarios, string Explorer, string Tests) Of(int number) => Rows.Single(row => row.Number == number);

    private static void Write(int number, string explorer)
    {
        var text = RepositoryFiles.Read(Document);
        var row = Row().Matches(text).Single(row => row.Groups[1].Value == number.ToString(CultureInfo.InvariantCulture)).Groups[4];
        File.WriteAllText(Path.Combine(RepositoryFiles.Root, Document), text[..row.Index] + explorer + text[(row.Index + row.Length)..]);
    }

    private static string[] Spans(string cell) => [.. Span().Matches(cell).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"^\| (\d+) \| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`([^`]+)`")]
    private static partial Regex Span();

    // Class.Hazard01_… : the beginning of a test's name.
    [GeneratedRegex(@"^(\w+Tests)\.(\w+?)…?$")]
    private static partial Regex TestName();

    [GeneratedRegex(@"Hazard0*(\d+)")]
    private static partial Regex HazardNumber();
}
