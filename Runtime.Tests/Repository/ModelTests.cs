using System.Text.RegularExpressions;
using NUnit.Framework;

namespace FolioRuntime.Tests.Repository;

/// <summary>The model, the script that has it checked and the page that gives its figures speak of the same switches. Spin itself is run by .ci/run.</summary>
public partial class ModelTests
{
    private const string Model = "docs/models/lifetime.pml";
    private const string Script = "docs/models/check";
    private const string Page = "docs/models/README.md";

    private static string[] Runs => [.. Run().Matches(RepositoryFiles.Read(Script)).Select(run => run.Groups[1].Value.Trim()).Where(run => run.Length > 0)];

    [Test]
    public void EveryRunHasItsRowOfFigures_AndEveryRowItsRun()
    {
        var rows = Row().Matches(RepositoryFiles.Read(Page)).Select(row => row.Groups[1].Value);
        Assert.That(rows, Is.EquivalentTo(Runs));
    }

    [Test]
    public void EverySwitchOfTheModelIsRun_AndEverySwitchRunIsTheModels()
    {
        var model = RepositoryFiles.Read(Model);
        var switches = Switch().Matches(model).Select(found => found.Groups[1].Value + found.Groups[2].Value).Distinct();
        var run = Runs.SelectMany(each => each.Split(' ')).Select(each => each[2..].Split('=')[0]).Distinct().ToArray();
        Assert.That(run, Is.EquivalentTo(switches));
    }

    [Test]
    public void TheModelAndItsScriptAreInTheCheck() =>
        Assert.That(RepositoryFiles.Read(".ci/run"), Does.Contain(Script));

    // check EXPECTED SWITCH..., where what is expected is one word or quoted.
    [GeneratedRegex(@"^ *check (?:'[^']*'|\w+)((?: -D\S+)*)$", RegexOptions.Multiline)]
    private static partial Regex Run();

    [GeneratedRegex(@"^\| `([^`]+)`", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^#ifn?def (\w+)|defined\((\w+)\)", RegexOptions.Multiline)]
    private static partial Regex Switch();
}
