using System.Text.RegularExpressions;
using NUnit.Framework;

namespace FolioRuntime.Tests.Repository;

/// <summary>How the sources are cut: nothing over 400 lines, a file for a type, nothing of the machine that wrote it, a fixed top level.</summary>
public partial class SourceShapeTests
{
    private const int MostLines = 400;

    private static readonly string[] s_topLevel =
        ["Runtime", "Runtime.Tests", "Stress", "docs", "Runtime.sln", "README.md", "LICENSE", "global.json", "Directory.Build.props", "Directory.Packages.props"];

    // Generated, or not prose and code: lock files record the feed's own text.
    private static readonly string[] s_text = [".cs", ".md", ".csproj", ".props", ".sln", ".json", ".sh", ".txt", ".editorconfig"];

    private static IEnumerable<string> Sources => RepositoryFiles.All.Where(path => path.EndsWith(".cs", StringComparison.Ordinal));

    private static IEnumerable<string> Texts => RepositoryFiles.All.Where(path =>
        (s_text.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)) || path.StartsWith(".ci/", StringComparison.Ordinal))
        && !path.EndsWith("packages.lock.json", StringComparison.Ordinal));

    [Test]
    public void TheTopLevelIsFixed()
    {
        var others = RepositoryFiles.TopLevel().Where(name => name[0] != '.').Except(s_topLevel);
        Assert.That(others, Is.Empty);
    }

    [Test]
    public void NoFileIsLong()
    {
        var tooLong = Sources.Select(path => (path, lines: RepositoryFiles.Read(path).Count(character => character == '\n')))
            .Where(file => file.lines > MostLines);
        Assert.That(tooLong, Is.Empty);
    }

    [Test]
    public void AFileHoldsOneTypeAndIsNamedAfterIt()
    {
        var wrong = new List<string>();
        foreach (var path in Sources)
        {
            var types = Types().Matches(SourceText.CodeOnly(RepositoryFiles.Read(path))).Select(match => match.Groups[1].Value).ToArray();
            var name = FileName().Match(path).Groups[1].Value;

            // None: top-level statements, or attributes of the assembly. An enum's extension methods may stand beside it.
            if (types.Length > 0 && (types[0] != name || types.Any(type => type != name && type != name + "Extensions")))
                wrong.Add($"{path}: {string.Join(", ", types)}");
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void NothingNamesAFolderOfSomeonesMachine()
    {
        var found = Texts.SelectMany(path => MachineFolder().Matches(RepositoryFiles.Read(path)).Select(match => $"{path}: {match.Value}"));
        Assert.That(found, Is.Empty);
    }

    // At the start of a line, since namespaces are file-scoped; delegates may stand beside the type that takes them.
    [GeneratedRegex(@"^(?:(?:public|internal|file|static|sealed|abstract|readonly|ref|partial|unsafe) )*(?:class|struct|interface|enum|record(?: struct| class)?) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Types();

    // Name.cs, Name{T}.cs and, for a part of a type, Name.Part.cs.
    [GeneratedRegex(@"([^/.{]+)[^/]*\.cs$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"(?<![\w.~<])/(?:home|Users|root|work)/\w+|[A-Z]:\\Users")]
    private static partial Regex MachineFolder();
}
