using System.Runtime.InteropServices;
using FolioRuntime.Harness;

namespace FolioRuntime.Race.Files;

/// <summary>Where the .NET installation is that runs this program, or, for a native executable, one that is on this machine.</summary>
internal static class DotnetInstallation
{
    public static string Directory => Candidates().FirstOrDefault(IsRoot) ?? AppContext.BaseDirectory;

    private static IEnumerable<string> Candidates()
    {
        // root/shared/Microsoft.NETCore.App/10.0.0/
        if (!MachineInfo.ThisMachine.IsNativeAot && ParentOf(RuntimeEnvironment.GetRuntimeDirectory(), levels: 3) is { } root)
            yield return root;
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } named)
            yield return named;
        var executable = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        foreach (var directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var file = new FileInfo(Path.Combine(directory, executable));
            if (file.Exists && Path.GetDirectoryName((file.ResolveLinkTarget(returnFinalTarget: true) ?? file).FullName) is { } home)
                yield return home;
        }

        yield return "/usr/share/dotnet";
        yield return "/usr/lib/dotnet";
    }

    private static bool IsRoot(string directory) => System.IO.Directory.Exists(Path.Combine(directory, "shared"));

    private static string? ParentOf(string directory, int levels)
    {
        var parent = new DirectoryInfo(Path.TrimEndingDirectorySeparator(directory));
        for (; levels > 0 && parent is not null; levels--)
            parent = parent.Parent;
        return parent?.FullName;
    }
}
