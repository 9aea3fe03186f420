using Microsoft.CodeAnalysis;

namespace FolioRuntime.Laboratory;

/// <summary>What the instrumented build is compiled against: the framework that runs this process, and the package it names.</summary>
internal static class References
{
    private static readonly string[] s_packages = ["Microsoft.Extensions.ObjectPool.dll", "System.IO.Pipelines.dll"];

    public static IEnumerable<MetadataReference> OfThisProcess()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == framework || s_packages.Contains(Path.GetFileName(path)))
            .Select(path => MetadataReference.CreateFromFile(path));
    }
}
