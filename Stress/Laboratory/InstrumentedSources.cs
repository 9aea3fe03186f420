namespace FolioRuntime.Laboratory;

/// <summary>The sources of the instrumented build, as Stress/Instrumented/Instrumented.csproj lists them: the runtime's without its seam and without <c>Hosting/</c>, and the seam of that folder.</summary>
internal static class InstrumentedSources
{
    private const string SeamFolder = "Stress/Instrumented";

    private static readonly string[] s_replaced = ["Runtime/Primitives/Atomics.cs", "Runtime/Primitives/ContentCopy.cs", "Runtime/Primitives/ShortContent.cs", "Runtime/Primitives/Latch.cs", "Runtime/Primitives/BriefLatch.cs"];

    /// <summary>Path from the root, with forward slashes, and text.</summary>
    public static IEnumerable<(string Path, string Text)> Read(string repositoryRoot) =>
        Under(repositoryRoot, "Runtime").Except(s_replaced).Concat(Under(repositoryRoot, SeamFolder))
            .Where(path => !path.StartsWith("Runtime/Hosting/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => (path, File.ReadAllText(Path.Combine(repositoryRoot, path))));

    private static IEnumerable<string> Under(string root, string folder) =>
        Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith(folder + "/bin/", StringComparison.Ordinal) && !path.StartsWith(folder + "/obj/", StringComparison.Ordinal));
}
