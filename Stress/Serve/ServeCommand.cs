using System.CommandLine;
using FolioRuntime.Harness;
using FolioRuntime.Serve.Clients;
using FolioRuntime.Serve.Servers;

namespace FolioRuntime.Serve;

/// <summary>The command line of folio-serve.</summary>
internal static class ServeCommand
{
    private const string Both = "both";
    private const double DefaultSeconds = 60;
    private const int DefaultRounds = 9;

    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        if (arguments is [ServerCommand.Name, ..])
            return StressProgram.Run(CreateServer(output), arguments[1..], output, error);
        using var interruption = new Interruption();
        return StressProgram.Run(Create(output, interruption.Token), arguments, output, error);
    }

    internal static RootCommand Create(TextWriter output, CancellationToken stop)
    {
        var pool = new Option<string>("--pool") { Description = "Whose memory Kestrel serves from: folio, default or both, in turn.", DefaultValueFactory = _ => Both, HelpName = "NAME" };
        pool.AcceptOnlyFromAmong("folio", "default", Both);
        var control = new Option<string?>("--control")
        {
            Description = "Instead: one control alone, which must fail. claimed: Kestrel's own pool, said to be the runtime's; twice: a pool that gives one block to two renters.",
            HelpName = "NAME",
        };
        control.AcceptOnlyFromAmong("claimed", "twice");
        var kinds = new Option<string[]>("--kinds") { Description = $"Only these kinds of requests (default: all): {string.Join(", ", Names.All<RequestKind>())}.", AllowMultipleArgumentsPerToken = true, HelpName = "NAME" };
        kinds.AcceptOnlyFromAmong([.. Names.All<RequestKind>()]);
        var shared = new SharedOptions(DefaultSeconds);
        var rounds = Number("--rounds", "Rounds, after one that warms up; the median is reported.", DefaultRounds, 1, 10_000);
        var requests = new Option<long>("--requests") { Description = "Goes on until each pool has answered so many, or a request has failed." }.Require(count => count >= 0, "0 or more");
        var aborts = new Option<long>("--aborts") { Description = "Goes on until so many connections of each pool were cut, or a request has failed." }.Require(count => count >= 0, "0 or more");
        var workers = Number("--workers", "Requests under way at once.", 16, 1, 512);
        var burst = Number("--burst", "MiB that lie in blocks at the height of the burst; 0: no burst.", 96, 0, 1024);
        var settle = new Option<double>("--settle") { Description = "Seconds from the burst to the look at what stayed.", DefaultValueFactory = _ => 30 }.Require(value => value is >= 0 and <= 3600, "from 0 to 3600");
        var capacity = Capacity();
        var heap = Number("--heap-limit", "MiB that the collector may take in each server, the runtime's arrays included.", 768, 64, 65_536);
        var root = new RootCommand(
            "Serves from a real Kestrel over this runtime's pool and over Kestrel's own, each in a process of its own, and compares every byte. "
            + "Exit 0 clean and the controls caught, 1 a wrong byte, a failed request, a server that ended or bytes that are not the runtime's, 2 interrupted, a control not caught or a server that didn't start, 64 usage.")
        {
            pool, control, kinds, shared.Seconds, shared.Seed, rounds, requests, aborts, workers, burst, settle, capacity, heap, shared.Json,
        };
        root.Validators.Add(result =>
        {
            if (result.GetResult(control) is { Implicit: false } && result.GetResult(pool) is { Implicit: false })
                result.AddError("--control and --pool exclude each other.");

            // Else the run would never end.
            if (result.GetValue(kinds) is not { Length: > 0 } some)
                return;
            if (result.GetValue(aborts) > 0 && !some.Contains(Names.Of(RequestKind.Abort)))
                result.AddError($"--aborts needs {Names.Of(RequestKind.Abort)} among the --kinds.");
            if (result.GetValue(requests) > 0 && some.All(name => name == Names.Of(RequestKind.Abort)))
                result.AddError($"--requests needs another kind than {Names.Of(RequestKind.Abort)} among the --kinds.");
        });
        root.SetAction(parsed => new ServeRun(
            new ServeOptions(
                Pools(parsed.GetValue(pool)!, parsed.GetValue(control)), parsed.GetValue(control) is null,
                parsed.GetValue(kinds) is { Length: > 0 } some ? [.. some.Select(Names.Parse<RequestKind>)] : Enum.GetValues<RequestKind>(),
                shared.SeedOf(parsed), parsed.GetValue(shared.Seconds), parsed.GetValue(rounds), parsed.GetValue(requests), parsed.GetValue(aborts), parsed.GetValue(workers),
                parsed.GetValue(burst), parsed.GetValue(settle), parsed.GetValue(capacity), parsed.GetValue(heap), parsed.GetValue(shared.Json)?.FullName),
            output, stop).Run());
        return root;
    }

    private static RootCommand CreateServer(TextWriter output)
    {
        var pool = new Option<string>("--pool") { Description = "Whose memory to serve from.", Required = true };
        pool.AcceptOnlyFromAmong([.. Names.All<ServedPool>()]);
        var capacity = Capacity();
        var root = new RootCommand("One server, until its input ends: says its ports, then its status for each line that comes.") { pool, capacity };
        root.SetAction(parsed => ServerCommand.RunAsync(Names.Parse<ServedPool>(parsed.GetValue(pool)!), (long)parsed.GetValue(capacity) << 20, Console.In, output).GetAwaiter().GetResult());
        return root;
    }

    private static ServedPool[] Pools(string pool, string? control) =>
        control is not null ? [Names.Parse<ServedPool>(control)]
        : pool == Both ? [ServedPool.Folio, ServedPool.Default]
        : [Names.Parse<ServedPool>(pool)];

    private static Option<int> Capacity() => Number("--capacity", "MiB of the runtime.", 256, 1, 1900);

    private static Option<int> Number(string name, string description, int usual, int least, int most) =>
        new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual, HelpName = "N" }.Require(value => value >= least && value <= most, $"from {least} to {most}");
}
