using System.Globalization;
using FolioRuntime.Harness;
using FolioRuntime.Primitives;
using FolioRuntime.Serve.Results;
using FolioRuntime.Serve.Servers;

namespace FolioRuntime.Serve;

/// <summary>
/// The controls first, each until it is caught; then the subjects, each with a server that lives as long as the run: a warm-up, a burst and the quiet after it, and rounds in
/// which each works in turn, in an order that turns too. An interrupted run reports what it has.
/// </summary>
internal sealed class ServeRun(ServeOptions options, TextWriter output, CancellationToken stop)
{
    public const double LeastRatio = 0.97;
    public const double MostKeptRatio = 0.5;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_controlPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_controlSlice = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(5);
    private const int ControlSlices = 10;

    private readonly ProgressView _view = new(output);

    // A control's requests often get no answer: the frame around the bytes is as wrong as they are.
    private TimeSpan Patience => options.WithControls ? s_patience : s_controlPatience;

    public int Run()
    {
        output.WriteLine($"folio-serve  seed {options.Seed}  {options.Workers} workers  capacity {options.CapacityMebibytes} MiB  heap limit {options.HeapLimitMebibytes} MiB  on {MachineInfo.ThisMachine}");
        var trials = new List<PoolTrial>();
        try
        {
            ControlReport[] controls = options.WithControls ? [TryControl(ServedPool.Claimed), TryControl(ServedPool.Twice)] : [];
            foreach (var pool in options.Pools)
            {
                if (!stop.IsCancellationRequested)
                    trials.Add(Begin(pool));
            }

            Work(trials);
            return Conclude(controls, trials);
        }
        catch (ServerEndedException exception)
        {
            // One that doesn't even start shows nothing about its pool.
            Write("inconclusive", [], [], null);
            output.WriteLine($"Inconclusive: {exception.Message}");
            return ExitCode.Inconclusive;
        }
        finally
        {
            trials.ForEach(trial => trial.Dispose());
        }
    }

    private PoolTrial Begin(ServedPool pool)
    {
        var trial = new PoolTrial(pool, options, stop);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"server   {Names.Of(pool),-8} process {trial.ServerId}"));
        return trial;
    }

    private ControlReport TryControl(ServedPool pool)
    {
        using var trial = new PoolTrial(pool, options, stop);
        for (var slice = 0; slice < ControlSlices && !trial.IsCaught && !trial.HasEnded && !stop.IsCancellationRequested; slice++)
            trial.Work(s_controlSlice, s_controlPatience, isMeasured: false);
        var report = new ControlReport(Names.Of(pool), trial.IsCaught, trial.Requests, trial.Faults());
        output.WriteLine($"control  {report.Name,-8} {(report.IsCaught ? "caught" : "NOT caught")} in {report.Requests:N0} requests: {string.Join("; ", report.Faults)}");
        return report;
    }

    private void Work(List<PoolTrial> trials)
    {
        var slice = TimeSpan.FromSeconds(Math.Max(0.2, options.Seconds / (options.Rounds + 1) / options.Pools.Count));
        foreach (var trial in trials)
        {
            trial.Work(slice, Patience, isMeasured: false);
            if (options.BurstMebibytes > 0)
                RunBurst(trial);
        }

        _view.Progress("rounds", options.Rounds, progress =>
        {
            for (var round = 0; !stop.IsCancellationRequested && !trials.Exists(trial => trial.HasEnded) && (round < options.Rounds || trials.Exists(IsNotEnough)); round++)
            {
                for (var i = 0; i < trials.Count; i++)
                {
                    // A pause: what follows begins with all workers at once.
                    if (stop.WaitHandle.WaitOne(s_pause))
                        return;
                    trials[(i + round) % trials.Count].Work(slice, Patience, isMeasured: true);
                }

                progress(Math.Min(round + 1, options.Rounds));
            }
        });
    }

    // Ends: what has failed settles the verdict, and where nothing fails each round answers some requests.
    private bool IsNotEnough(PoolTrial trial) => !trial.HasFailed && (trial.Requests < options.Requests || trial.Aborted < options.Aborts);

    // One pool after the other, each with the same quiet before its burst and after it.
    private void RunBurst(PoolTrial trial)
    {
        var settle = TimeSpan.FromSeconds(options.SettleSeconds);
        if (trial.HasEnded || stop.WaitHandle.WaitOne(settle < s_idle ? settle : s_idle))
            return;
        trial.NoteIdle();
        trial.RunBurst();
        if (!stop.WaitHandle.WaitOne(settle))
            trial.NoteAfterBurst();
    }

    private int Conclude(ControlReport[] controls, List<PoolTrial> trials)
    {
        var pools = trials.Select(trial => trial.Report()).ToArray();
        var comparison = Compare(trials);
        ShowTable(pools);
        var isWrong = pools.Any(pool => pool.Faults.Count > 0);
        var areCaught = controls.All(control => control.IsCaught);
        var verdict = isWrong ? "violation" : stop.IsCancellationRequested ? "interrupted" : areCaught ? "pass" : "inconclusive";
        Write(verdict, pools, controls, comparison);
        foreach (var pool in pools)
            output.WriteLine($"{pool.Name}: {(pool.Faults.Count > 0 ? "WRONG: " + string.Join("; ", pool.Faults) : ProofOf(pool))}");
        if (comparison is not null)
            output.WriteLine(Line(comparison));
        output.WriteLine(verdict switch
        {
            "pass" => $"Pass: {pools.Sum(pool => pool.Requests):N0} requests and {pools.Sum(pool => pool.AbortedConnections):N0} cut connections without a wrong byte{(controls.Length > 0 ? "; the controls were caught" : "")}.",
            "violation" => "Violation.",
            "interrupted" => "Interrupted: this is as far as it came.",
            _ => "Inconclusive: a control was not caught.",
        });
        return verdict switch { "pass" => ExitCode.Pass, "violation" => ExitCode.Violation, _ => ExitCode.Inconclusive };
    }

    private void Write(string verdict, PoolReport[] pools, ControlReport[] controls, ServeComparison? comparison)
    {
        if (options.Json is { } json)
            JsonFile.Write(json, new ServeReport(ServeReport.CurrentSchema, ServeReport.ToolName, verdict, options.Seed, MachineInfo.ThisMachine, pools, controls, comparison), ServeJson.Default.ServeReport);
    }

    private static ServeComparison? Compare(List<PoolTrial> trials)
    {
        if (trials.Find(trial => trial.Pool == ServedPool.Folio) is not { } own || trials.Find(trial => trial.Pool == ServedPool.Default) is not { } other)
            return null;
        var ratios = own.Rates.Zip(other.Rates, (mine, theirs) => mine / theirs).Order().ToArray();
        double? kept = own.HadBurst && other.HadBurst && other.KeptBytes > 0 ? Math.Round((double)own.KeptBytes / other.KeptBytes, 3) : null;
        return ratios.Length == 0 ? null : new ServeComparison(ratios.Length, Round(ratios, 0.5), Round(ratios, 0.25), Round(ratios, 0.75), kept);
    }

    private static double Round(double[] sorted, double part) => Math.Round(PairedResult.At(sorted, part), 4);

    private void ShowTable(PoolReport[] pools) => _view.Table(
        ["pool", "requests", "wrong bytes", "cut", "requests/s", "p50 µs", "p99 µs", "p99.9 µs", "heap B/request", "rss idle", "rss peak", "rss after burst"],
        [.. pools.Select(pool => (string[])[
            pool.Name, Text(pool.Requests), Text(pool.CorruptedBytes), Text(pool.AbortedConnections), Text((long)pool.RequestsPerSecond), Text(pool.LatencyMicroseconds.P50), Text(pool.LatencyMicroseconds.P99),
            Text(pool.LatencyMicroseconds.P999), Text((long)pool.AllocatedBytesPerRequest), Bytes(pool.RssIdleBytes), Bytes(pool.RssPeakBytes), Bytes(pool.RssAfterBurstBytes)])]);

    private static string ProofOf(PoolReport pool) => pool.Name == Names.Of(ServedPool.Default)
        ? $"clean; {Text(pool.BuffersOutside)} buffers looked at, none of them ours"
        : $"clean; {Text(pool.BuffersInside)} buffers looked at, all in the runtime's memory{(pool.Fallbacks > 0 ? $" but {Text(pool.BuffersOutside)}, while {Text(pool.Fallbacks)} blocks were arrays because the capacity was spent" : "")}";

    private static string Line(ServeComparison comparison) => string.Create(
        CultureInfo.InvariantCulture,
        $"folio / default: requests per second {comparison.RequestsPerSecondRatio:F3} ({comparison.RatioLow:F3} to {comparison.RatioHigh:F3}, {comparison.Rounds} rounds; aim: at least {LeastRatio}){KeptText(comparison.KeptAfterBurstRatio)}");

    private static string KeptText(double? ratio) =>
        ratio is { } kept ? string.Create(CultureInfo.InvariantCulture, $"; kept after the burst {kept:F2} (aim: at most {MostKeptRatio})") : "";

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Bytes(long bytes) => bytes == 0 ? "" : new ByteCount(bytes).ToString();
}
