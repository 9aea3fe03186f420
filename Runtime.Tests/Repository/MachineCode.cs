using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace FolioRuntime.Tests.Repository;

/// <summary>What the just-in-time compiler makes of <see cref="SeamListing"/> and of Return on this machine, printed by the compiler itself in a process of its own.</summary>
internal static partial class MachineCode
{
    /// <summary>Whether the listing is of arm64 instructions; else it is of x64's.</summary>
    public static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>Instructions by method name, one a line, without labels, offsets and comments; spaces squeezed.</summary>
    public static IReadOnlyDictionary<string, string[]> List()
    {
        var listing = Path.GetTempFileName();
        try
        {
            Compile(listing);
            return Parse(File.ReadAllText(listing));
        }
        finally
        {
            File.Delete(listing);
        }
    }

    private static void Compile(string listing)
    {
        var start = new ProcessStartInfo(DotnetHost()) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(MachineCode).Assembly.Location);
        start.Environment["DOTNET_TieredCompilation"] = "0";
        start.Environment["DOTNET_JitDisasm"] = "*SeamListing:* FolioRuntime.Lifetimes.Lifetime:Return";
        start.Environment["DOTNET_JitStdOutFile"] = listing;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"the listing's process ended with {process.ExitCode}: {errors}");
    }

    // The host that belongs to the runtime this test runs on: three folders above the runtime's own.
    private static string DotnetHost()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(host) ? host : name;
    }

    private static Dictionary<string, string[]> Parse(string text)
    {
        var methods = new Dictionary<string, string[]>();
        foreach (var part in text.Split("; Assembly listing for method ", StringSplitOptions.RemoveEmptyEntries))
        {
            var name = MethodName().Match(part).Groups[1].Value;
            methods.Add(name, [.. Instructions(part)]);
        }

        return methods;
    }

    // x64 prints the lock prefix on a line of its own: it belongs to the next.
    private static IEnumerable<string> Instructions(string part)
    {
        var prefix = "";
        foreach (var line in part.Split('\n').Skip(1))
        {
            var instruction = Spaces().Replace(line.Split(';')[0].Trim(), " ");
            if (instruction.Length == 0 || instruction.EndsWith(':'))
                continue;
            if (instruction == "lock")
            {
                prefix = "lock ";
                continue;
            }

            yield return prefix + instruction;
            prefix = "";
        }
    }

    [GeneratedRegex(@"^[\w.]+:(\w+)\(")]
    private static partial Regex MethodName();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
