using System.Text.RegularExpressions;
using NUnit.Framework;

namespace FolioRuntime.Tests.Repository;

/// <summary>What the documents point to is there: files, types, members, other documents; and what they show compiles and runs.</summary>
public partial class DocumentationTests
{
    private static readonly string[] s_documents =
        ["README.md", "docs/ARCHITECTURE.md", "docs/LIFETIMES.md", "docs/FIRST_ALLOCATION.md", "docs/GLOSSARY.md", "docs/CONTRIBUTING.md", "docs/HAZARDS.md", "docs/DEBUGGING.md", "docs/MEMORY.md", "docs/FAULTS.md", "docs/VERIFICATION.md", "docs/SCALING.md", "docs/PERFORMANCE.md", "docs/MANY_CORES.md", "docs/EMBEDDING.md", "docs/METRICS.md", "docs/POOLS.md", "docs/SERVING.md", "docs/PAGE_CACHE.md", "docs/REPLACEMENT.md", "docs/PROTOTYPING.md"];

    private static readonly string[] s_examples =
        ["Runtime.Tests/Repository/DocumentedExamples.cs", "Runtime.Tests/Repository/EmbeddingExamples.cs", "Runtime.Tests/Repository/FacadeExamples.cs", "Runtime.Tests/Repository/RentHandleExamples.cs", "Runtime.Tests/Repository/MigrationExamples.cs", "Runtime.Tests/Repository/PoolExamples.cs", "Runtime.Tests/Repository/PrototypingExamples.cs", "Runtime.Tests/Repository/PrototypingStoreExample.cs", "Runtime.Tests/Repository/PrototypingPageExample.cs", "Runtime.Tests/Repository/LeakExamples.cs"];

    private static readonly string[] s_topFolders = ["Runtime/", "Runtime.Tests/", "Stress/", "docs/", ".ci/"];

    private static IEnumerable<string> Documents => RepositoryFiles.Documents;

    [Test]
    public void TheDocumentsAreThere() => Assert.That(s_documents, Is.SubsetOf(Documents));

    [TestCaseSource(nameof(Documents))]
    public void EveryPathNamedExists(string document)
    {
        var prose = WithoutFences(RepositoryFiles.Read(document));
        var folder = document.StartsWith("docs/", StringComparison.Ordinal) ? "docs/" : "";
        var missing = Spans(prose).Where(IsPath).Select(path => path.TrimEnd('/'))
            .Concat(Links().Matches(prose).Select(link => Path.Combine(folder, link.Groups[1].Value)))
            .Where(path => !RepositoryFiles.Exists(path));
        Assert.That(missing, Is.Empty);
    }

    [TestCaseSource(nameof(Documents))]
    public void EveryProjectNamedInACommandExists(string document)
    {
        var missing = Project().Matches(RepositoryFiles.Read(document)).Select(match => match.Value).Where(path => !RepositoryFiles.Exists(path));
        Assert.That(missing, Is.Empty);
    }

    [TestCaseSource(nameof(Documents))]
    public void EveryTypeAndMemberNamedExists(string document)
    {
        var unknown = new List<string>();
        foreach (var span in Spans(WithoutFences(RepositoryFiles.Read(document))))
        {
            var name = Generic().Replace(span, "");
            if (TypeAndMember().Match(name) is { Success: true } both)
            {
                if (!DocumentTypes.HasMember(both.Groups[1].Value, both.Groups[2].Value, both.Groups[3].Success))
                    unknown.Add(span);
            }
            else if (Identifier().IsMatch(name) && !DocumentTypes.IsTypeOrMember(name.TrimEnd('(', ')')))
            {
                unknown.Add(span);
            }
        }

        Assert.That(unknown, Is.Empty);
    }

    [TestCaseSource(nameof(Documents))]
    public void EveryFenceOfCSharpIsCompiledAndRun(string document)
    {
        var regions = s_examples.SelectMany(path => Regions(RepositoryFiles.Read(path))).ToArray();
        foreach (var fence in Fences().Matches(RepositoryFiles.Read(document)).Select(match => match.Groups[1].Value.Trim('\n')))
            Assert.That(regions, Has.Member(fence));
    }

    private static bool IsPath(string span) =>
        PathLike().IsMatch(span) && (s_topFolders.Any(folder => span.StartsWith(folder, StringComparison.Ordinal)) || FileWithEnding().IsMatch(span));

    private static IEnumerable<string> Spans(string text) => Span().Matches(text).Select(match => match.Groups[1].Value);

    private static string WithoutFences(string text) => AnyFence().Replace(text, "");

    // The regions by name, in the order of the file, each without its indentation.
    private static string[] Regions(string source) => [.. Region().Matches(source)
        .GroupBy(match => match.Groups[1].Value, match => Dedent(match.Groups[2].Value))
        .Select(parts => string.Join("\n\n", parts))];

    private static string Dedent(string text)
    {
        var lines = text.Trim('\n').TrimEnd().Split('\n');
        var indentation = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length == 0 ? line : line[indentation..]));
    }

    [GeneratedRegex(@"`([^`\n]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"\[[^\]]*\]\((?!\w+:)([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"^[\w.\-/{}]+$")]
    private static partial Regex PathLike();

    [GeneratedRegex(@"^[\w.\-/]+\.(?:cs|csproj|md|sln|props|json)$")]
    private static partial Regex FileWithEnding();

    [GeneratedRegex(@"(?<=--project )[\w./]+|(?<=dotnet publish [^\n]*)Stress/\w+")]
    private static partial Regex Project();

    [GeneratedRegex(@"<[^<>]*>")]
    private static partial Regex Generic();

    // TypeName.Member, TypeName.Member(…) and, for the beginning of a member's name, TypeName.Member…
    [GeneratedRegex(@"^([A-Z]\w+)\.([A-Z]\w*?)(?:(…)|\([^)]*\))?$")]
    private static partial Regex TypeAndMember();

    // At least two capitals with small letters between: one of ours, and not a word that begins a sentence.
    [GeneratedRegex(@"^[A-Z][a-z]+[A-Z]\w*(?:\(\))?$")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex AnyFence();

    [GeneratedRegex(@"#region (\w+)\n(.*?)#endregion", RegexOptions.Singleline)]
    private static partial Regex Region();
}
