using System.CommandLine;
using FolioRuntime.Caching.Measuring;
using FolioRuntime.Caching.Tracing;
using FolioRuntime.Caching.Verifying;
using FolioRuntime.Harness;

namespace FolioRuntime.Caching;

/// <summary>The command line of folio-cache: a sub-command for each thing it does.</summary>
internal static class CacheCommand
{
    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        using var interruption = new Interruption();
        var root = new RootCommand("Tries the page cache and its replacement policies.")
        {
            VerifyCommand.Create(output, interruption.Token), BenchCommand.Create(output, interruption.Token), TraceCommand.Create(output, error, interruption.Token),
        };
        return StressProgram.Run(root, arguments, output, error);
    }
}
