namespace FolioRuntime.Tests.Repository;

/// <summary>The repository that this test assembly was built from, as files.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] s_made = [".git", "bin", "obj", "artifacts", "TestResults", ".vs", ".vscode", ".idea"];

    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every file that is source, as a path from the root with forward slashes.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Walk(Root).Select(Relative).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> Under(string folder, string extension) =>
        All.Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal) && path.EndsWith(extension, StringComparison.Ordinal));

    /// <summary>README and everything under docs.</summary>
    public static IEnumerable<string> Documents => All.Where(path =>
        path.EndsWith(".md", StringComparison.Ordinal) && (path == "README.md" || path.StartsWith("docs/", StringComparison.Ordinal)));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool Exists(string path) => Path.Exists(Path.Combine(Root, path));

    public static IEnumerable<string> TopLevel() =>
        Directory.EnumerateFileSystemEntries(Root).Select(path => Path.GetFileName(path)!).Except(s_made);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Runtime.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests run from within the repository: Runtime.sln is in none of the folders above.");
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
            yield return file;
        foreach (var inner in Directory.EnumerateDirectories(folder))
        {
            if (s_made.Contains(Path.GetFileName(inner)))
                continue;
            foreach (var file in Walk(inner))
                yield return file;
        }
    }

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');
}
