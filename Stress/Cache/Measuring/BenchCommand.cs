using System.CommandLine;
using FolioRuntime.Harness;

namespace FolioRuntime.Caching.Measuring;

/// <summary>The command line of folio-cache bench.</summary>
internal static class BenchCommand
{
    private const int DefaultRounds = 101;

    public static Command Create(TextWriter output, CancellationToken stop)
    {
        var sizes = Numbers("--size", $"Bytes of a read (default: {string.Join(", ", BenchOptions.DefaultSizes)}).", 1, BenchFiles.LongestReadBytes);
        var threads = Numbers("--threads", $"Numbers of threads, each measured for itself (default: {string.Join(", ", BenchOptions.DefaultThreads)}).", 1, 256);
        var rounds = new Option<int>("--rounds") { Description = "Rounds to measure; in each everything has its turn.", DefaultValueFactory = _ => DefaultRounds, HelpName = "N" }
            .Require(count => count is >= 3 and <= 1_000_000, "from 3 to 1000000");
        var seed = new Option<ulong?>("--seed") { Description = "Of the places that are read. Default: a random one, printed." };
        var json = SharedOptions.JsonOption();
        var command = new Command(
            "bench",
            "Times reads that the page cache has, by every way, beside what else one reads a file by; and misses and reclaims. Exit 0 measured, 2 interrupted, 64 usage.")
        { sizes, threads, rounds, seed, json };
        command.SetAction(parsed => new BenchRun(
            new BenchOptions(
                parsed.GetValue(sizes) is { Length: > 0 } some ? [.. some.Distinct().Order()] : BenchOptions.DefaultSizes,
                parsed.GetValue(threads) is { Length: > 0 } few ? [.. few.Distinct().Order()] : BenchOptions.DefaultThreads,
                parsed.GetValue(rounds), parsed.GetValue(seed) ?? (ulong)Random.Shared.Next(1, int.MaxValue), parsed.GetValue(json)?.FullName),
            output, stop).Run());
        return command;
    }

    private static Option<int[]> Numbers(string name, string description, int least, int most)
    {
        var option = new Option<int[]>(name) { Description = description, AllowMultipleArgumentsPerToken = true, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => int.TryParse(token.Value, out var number) && (number < least || number > most)))
                result.AddError($"{name} must be from {least} to {most}.");
        });
        return option;
    }
}
