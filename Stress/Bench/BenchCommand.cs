using System.CommandLine;
using FolioRuntime.Harness;

namespace FolioRuntime.Bench;

/// <summary>The command line of folio-bench: the hot paths against the raw atomics they can't do without, and against what people use today.</summary>
internal static class BenchCommand
{
    private const int DefaultRounds = 301;
    private const double LimitOfSharedCycle = 1.5;

    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        using var interruption = new Interruption();
        return StressProgram.Run(Create(output, interruption.Token), arguments, output, error);
    }

    private static RootCommand Create(TextWriter output, CancellationToken stop)
    {
        var rounds = new Option<int>("--rounds")
        {
            Description = "Rounds to measure; each runs everything once, about 10 ms.",
            DefaultValueFactory = _ => DefaultRounds,
        }.Require(count => count is >= 3 and <= 1_000_000, "from 3 to 1000000");
        var json = SharedOptions.JsonOption();
        var debug = new Option<bool>("--debug") { Description = "Times rent and return under each debug option of a cache instead, as ratios to none." };
        var fanOut = new Option<bool>("--fan-out") { Description = "Times handing a pipe's bytes to several consumers instead: by copies, as ratios to counted references." };
        var root = new RootCommand(
            "Times rent, get, put and return on one thread, as ratios to the raw atomics within the same round. "
            + "Exit 0 measured, 2 interrupted or nothing measured, 64 usage.") { rounds, json, debug, fanOut };
        root.Validators.Add(result =>
        {
            if (result.GetValue(debug) && result.GetValue(fanOut))
                result.AddError("--debug and --fan-out measure different things: one at a time.");
        });
        root.SetAction(parsed =>
        {
            var file = parsed.GetValue(json)?.FullName;
            if (parsed.GetValue(debug))
                return MeasureDebugging(parsed.GetValue(rounds), file, output, stop);
            return parsed.GetValue(fanOut) ? MeasureFanOut(parsed.GetValue(rounds), file, output, stop) : Measure(parsed.GetValue(rounds), file, output, stop);
        });
        return root;
    }

    private static int MeasureDebugging(int rounds, string? json, TextWriter output, CancellationToken stop)
    {
        using var operations = new DebugOperations();
        return ExitCodeOf(Compare(operations.All, DebugOperations.Baseline, rounds, json, output, stop), stop);
    }

    // Each number of bytes and consumers against itself: the ratios of one say nothing about another.
    private static int MeasureFanOut(int rounds, string? json, TextWriter output, CancellationToken stop)
    {
        var all = new List<PairedResult>();
        foreach (var (bytes, consumers) in FanOutOperations.Sizes)
        {
            using var operations = new FanOutOperations(bytes, consumers);
            all.AddRange(Compare(operations.All, operations.Baseline, rounds, json: null, output, stop));
        }

        Write(json, all);
        return ExitCodeOf(all, stop);
    }

    private static int ExitCodeOf(IReadOnlyList<PairedResult> results, CancellationToken stop) =>
        stop.IsCancellationRequested || results[0].Rounds == 0 ? ExitCode.Inconclusive : ExitCode.Pass;

    private static IReadOnlyList<PairedResult> Compare(
        IReadOnlyList<TimedOperation> operations, string baseline, int rounds, string? json, TextWriter output, CancellationToken stop)
    {
        output.WriteLine(MachineInfo.ThisMachine);
        var results = new PairedMeasurement(operations, baseline).Run(rounds, stop);
        new ProgressView(output).Table(
            ["operation", $"ratio to {baseline}", "quartiles", "nanoseconds"],
            [.. results.Select(result => (string[])[result.Name, $"{result.Ratio:0.00}", $"{result.RatioLow:0.00} - {result.RatioHigh:0.00}", $"{result.Nanoseconds:0.0}"])]);
        Write(json, results);
        return results;
    }

    private static void Write(string? json, IReadOnlyList<PairedResult> results)
    {
        if (json is not null)
            JsonFile.Write(json, new BenchReport(1, "folio-bench", MachineInfo.ThisMachine, results), BenchJson.Default.BenchReport);
    }

    private static int Measure(int rounds, string? json, TextWriter output, CancellationToken stop)
    {
        using var operations = new Operations();
        var results = Compare(operations.All, Operations.Baseline, rounds, json, output, stop);
        var cycle = results.First(result => result.Name == Operations.SharedCycleName);
        output.WriteLine(
            $"allocate, publish, get, put, return: {cycle.Ratio:0.00} of the sum of its raw atomics ({cycle.Rounds} rounds; aim: at most {LimitOfSharedCycle:0.0})");
        return stop.IsCancellationRequested || cycle.Rounds == 0 ? ExitCode.Inconclusive : ExitCode.Pass;
    }
}
