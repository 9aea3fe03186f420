using System.CommandLine;
using FolioRuntime.Harness;
using FolioRuntime.Scale.Peers;
using FolioRuntime.Scale.Plays;
using FolioRuntime.Scale.Returning;

namespace FolioRuntime.Scale;

/// <summary>The command line of folio-scale.</summary>
internal static class ScaleCommand
{
    private const int DefaultRounds = 9;
    private const double DefaultSeconds = 300;
    private const int MostThreads = 1024;
    private const int MostMebibytes = 16_384;

    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        using var interruption = new Interruption();
        return StressProgram.Run(Create(output, interruption.Token), arguments, output, error);
    }

    internal static RootCommand Create(TextWriter output, CancellationToken stop)
    {
        var workload = Names("--workload", "Only these workloads (default: all; --list names them).", WorkloadCatalog.All.Select(known => known.Name));
        var peer = Names("--peer", "Only these peers (default: all that are here; --list names them).", PeerCatalog.All.Select(known => known.Name));
        var threads = new Option<int[]>("--threads")
        {
            Description = "Processors to run on, one after the other (default: 1, 2, 4 … and all).",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "N",
        };
        threads.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => int.TryParse(token.Value, out var count) && count is < 1 or > MostThreads))
                result.AddError($"--threads must be from 1 to {MostThreads}.");
        });
        var rounds = new Option<int>("--rounds") { Description = "Samples of each combination; their median is reported.", DefaultValueFactory = _ => DefaultRounds, HelpName = "N" }
            .Require(count => count is >= 1 and <= 10_000, "from 1 to 10000");
        var seconds = new Option<double>("--seconds") { Description = "How long the whole run takes, about.", DefaultValueFactory = _ => DefaultSeconds }
            .Require(value => value is > 0 and < 1e6, "above 0");
        var list = new Option<bool>("--list") { Description = "Lists workloads and peers." };
        var memoryReturn = new Option<int?>("--memory-return")
        {
            Description = "Instead: fills so many MiB with objects, returns them, and shows resident memory meanwhile and what stays of it. Exit 1: more than docs/MEMORY.md promises.",
            HelpName = "MIB",
        };
        memoryReturn.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var mebibytes) && mebibytes is < 1 or > MostMebibytes)
                result.AddError($"--memory-return must be from 1 to {MostMebibytes}.");
        });
        var json = SharedOptions.JsonOption();
        var root = new RootCommand(
            "Measures throughput against threads: this runtime, what .NET has and allocators that are installed, in interleaved rounds. "
            + "Exit 0 measured, 1 more memory stayed than is promised, 2 interrupted or nothing measured, 64 usage.") { workload, peer, threads, rounds, seconds, list, memoryReturn, json };
        root.SetAction(parsed =>
        {
            if (parsed.GetValue(list))
                return List(output);
            if (parsed.GetValue(memoryReturn) is { } mebibytes)
                return ReturnRun.Run((long)mebibytes << 20, ReturnRun.Alone, parsed.GetValue(json)?.FullName, output, stop);
            var options = new ScaleOptions(
                parsed.GetValue(workload) is { Length: > 0 } workloads ? workloads : [.. WorkloadCatalog.All.Select(known => known.Name)],
                parsed.GetValue(peer) is { Length: > 0 } peers ? peers : [.. PeerCatalog.All.Select(known => known.Name)],
                parsed.GetValue(threads) is { Length: > 0 } some ? [.. some.Distinct().Order()] : DefaultThreads(),
                parsed.GetValue(rounds),
                parsed.GetValue(seconds),
                parsed.GetValue(json)?.FullName);
            return new ScaleRun(options, output, stop).Run();
        });
        return root;
    }

    private static Option<string[]> Names(string option, string description, IEnumerable<string> names)
    {
        var known = names.ToHashSet(StringComparer.Ordinal);
        var result = new Option<string[]>(option) { Description = description, AllowMultipleArgumentsPerToken = true, HelpName = "NAME" };
        result.Validators.Add(parsed =>
        {
            foreach (var token in parsed.Tokens.Where(token => !known.Contains(token.Value)))
                parsed.AddError($"{option}: there is no '{token.Value}'; --list names them.");
        });
        return result;
    }

    private static int[] DefaultThreads()
    {
        var all = Environment.ProcessorCount;
        return [.. Enumerable.Range(0, 31).Select(power => 1 << power).TakeWhile(count => count < all), all];
    }

    private static int List(TextWriter output)
    {
        output.WriteLine("Workloads:");
        foreach (var known in WorkloadCatalog.All)
            output.WriteLine($"  {known.Name,-16} {known.About} (operation: {known.Operation})");
        output.WriteLine();
        output.WriteLine("Peers:");
        foreach (var known in PeerCatalog.All)
            output.WriteLine($"  {known.Name,-16} {known.About}{Presence(known)}");
        return ExitCode.Pass;
    }

    private static string Presence(Peer peer)
    {
        if (peer.Installation.Length == 0)
            return "";
        using var instance = peer.Make(0);
        return instance is null ? $" (not here: {peer.Installation})" : " (is here)";
    }
}
