using System.Text.RegularExpressions;
using NUnit.Framework;

namespace FolioRuntime.Tests.Repository;

/// <summary>The invariants are one story in the code, in the architecture page and in the tests.</summary>
public partial class InvariantNamesTests
{
    /// <summary>An invariant is named beside the atomic that it constrains, with the test that checks it, as [Tests.L1_…].</summary>
    [Test]
    public void EveryTestNamedInTheRuntimeExists()
    {
        var unknown = new List<string>();
        foreach (var path in RepositoryFiles.Under("Runtime", ".cs"))
        {
            foreach (Match reference in TestReference().Matches(RepositoryFiles.Read(path)))
            {
                var type = reference.Groups[1].Value;
                var tests = reference.Groups["test"].Captures.Select(capture => capture.Value);
                if (!DocumentTypes.IsType(type))
                    unknown.Add($"{path}: {type}");
                unknown.AddRange(tests.Where(test => !DocumentTypes.HasMember(type, test, isPrefix: true)).Select(test => $"{path}: {type}.{test}"));
            }
        }

        Assert.That(unknown, Is.Empty);
    }

    [TestCase("L1")]
    [TestCase("L2")]
    [TestCase("L3")]
    [TestCase("L4")]
    [TestCase("L5")]
    [TestCase("L6")]
    [TestCase("L7")]
    [TestCase("L8")]
    public void AnInvariantIsNamedInTheRuntimeInTheArchitectureAndInATest(string invariant)
    {
        Assert.That(RepositoryFiles.Under("Runtime", ".cs").Any(path => Regex.IsMatch(RepositoryFiles.Read(path), $@"\b{invariant}(?!\d)")), Is.True, "the runtime");
        Assert.That(RepositoryFiles.Read("docs/ARCHITECTURE.md"), Does.Match($@"\*\*{invariant}\*\*"));
        Assert.That(RepositoryFiles.Under("Runtime.Tests", ".cs").Any(path => RepositoryFiles.Read(path).Contains($" {invariant}_", StringComparison.Ordinal)), Is.True, "a test");
    }

    [GeneratedRegex(@"\[(\w+Tests)(?:\.(?<test>\w+)…(?:, (?<test>\w+)…)*)?\]")]
    private static partial Regex TestReference();
}
