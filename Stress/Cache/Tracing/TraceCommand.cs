using System.CommandLine;
using FolioRuntime.Harness;

namespace FolioRuntime.Caching.Tracing;

/// <summary>The command line of folio-cache trace.</summary>
internal static class TraceCommand
{
    public static Command Create(TextWriter output, TextWriter error, CancellationToken stop)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Traces: one block number a line, or CSV with a column lbn, obj_id, obj, key or id; either may be gzip. None: generated ones.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        files.Validators.Add(result =>
        {
            // The parser takes options that it doesn't know for files.
            foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-')))
                result.AddError($"There is no option '{token.Value}'.");
        });
        var policies = new Option<string[]>("--policy")
        {
            Description = $"Only these ({string.Join(", ", TraceSubjects.All.Select(known => known.Name))}). Belady's optimum always takes part.",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "NAME",
        };
        policies.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !TraceSubjects.All.Any(known => known.Name == token.Value)))
                result.AddError($"--policy: there is no '{token.Value}'.");
        });
        var sizes = new Option<double[]>("--size")
        {
            Description = $"Capacities in per cent of each trace's different pages (default: {string.Join(", ", TraceOptions.DefaultSizes)}).",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "PERCENT",
        };
        sizes.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => double.TryParse(token.Value, out var size) && size is not (> 0 and <= 100)))
                result.AddError("--size must be above 0 and at most 100.");
        });
        var seed = new Option<ulong?>("--seed") { Description = "Of the generated traces. Default: a random one, printed." };
        var json = SharedOptions.JsonOption();
        var command = new Command(
            "trace",
            "Miss ratios of every replacement policy over traces of accesses, beside Belady's optimum and BitFaster's caches. "
            + "Exit 0 measured, 1 a policy missed less than the optimum or broke its contract, 2 interrupted or the control was not noticed, 64 usage, 65 a file that isn't a trace.")
        { files, policies, sizes, seed, json };
        command.SetAction(parsed =>
        {
            var options = new TraceOptions(
                parsed.GetValue(files) ?? [],
                parsed.GetValue(policies) is { Length: > 0 } some ? some : [.. TraceSubjects.All.Select(known => known.Name)],
                parsed.GetValue(sizes) is { Length: > 0 } few ? [.. few.Distinct().Order()] : TraceOptions.DefaultSizes,
                parsed.GetValue(seed) ?? (ulong)Random.Shared.Next(1, int.MaxValue),
                parsed.GetValue(json)?.FullName);
            var subjects = TraceSubjects.All.Where(known => known.Name == TraceSubjects.Optimal || options.Policies.Contains(known.Name)).ToArray();
            return new TraceRun(options, subjects, TraceSubjects.Control, output, error, stop).Run();
        });
        return command;
    }
}
