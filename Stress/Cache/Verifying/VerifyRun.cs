using System.Diagnostics;
using System.Globalization;
using FolioRuntime.Harness;
using FolioRuntime.Harness.Caching;
using FolioRuntime.Primitives;

namespace FolioRuntime.Caching.Verifying;

/// <summary>The controls first, each until it is noticed; then rounds of the cache alone, each with another policy, until the time is up. An interrupted run reports what it has.</summary>
internal sealed class VerifyRun(VerifyOptions options, IReadOnlyList<VerifyControl> controls, TextWriter output, CancellationToken stop)
{
    // Of the run's time, for each control at most; in a short run as long as it may need on a busy machine.
    private const double ControlShare = 0.15;
    private const double LongestRoundSeconds = 2;

    // The policies take turns, and both ways to end a round: a short run has some of all.
    private const double FewestRounds = 10;

    private readonly VerifyTally _all = new();
    private readonly ProgressView _view = new(output);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _rounds;

    /// <summary>For how long at least each control is tried that isn't caught.</summary>
    public double LeastControlSeconds { get; init; } = 20;

    public int Run()
    {
        var originals = options.Directory is { } folder ? RegularFile.Under(folder) : [];
        output.WriteLine($"folio-cache verify  seed {options.Seed}  {options.Threads} threads  {options.CachePages} pages in the cache for {VerifyScene.GeneratedFiles} files of {VerifyScene.GeneratedPages} pages"
            + $"{(originals.Count > 0 ? $" and {originals.Count} files of {new ByteCount(originals.Sum(file => file.LengthBytes))} under {options.Directory}" : "")}  on {MachineInfo.ThisMachine}");
        var noticed = controls.Select(control => Try(control, originals)).ToArray();
        if (options.Control is null)
            Verify(originals);
        ShowTable();
        foreach (var fault in _all.Faults)
            output.WriteLine($"WRONG: {fault}");
        return Conclude(noticed);
    }

    private CacheControl Try(VerifyControl control, IReadOnlyList<RegularFile> originals)
    {
        var end = _clock.Elapsed.TotalSeconds + (options.Control is null ? Math.Max(options.Seconds * ControlShare, LeastControlSeconds) : options.Seconds);
        var violations = 0;
        for (var left = end - _clock.Elapsed.TotalSeconds; violations == 0 && left > 0 && !stop.IsCancellationRequested; left = end - _clock.Elapsed.TotalSeconds)
            violations += control.Run is { } run ? run(false, TimeSpan.FromSeconds(left), stop) : Play(originals, control, left).ControlViolations;

        output.WriteLine($"control  {control.Name,-30} {(violations > 0 ? "caught" : "NOT caught")}: {violations} wrong {(control.Run is null ? "reads" : "answers")}");
        return new CacheControl(control.Name, violations);
    }

    private void Verify(IReadOnlyList<RegularFile> originals)
    {
        var seconds = Math.Max(options.Seconds - _clock.Elapsed.TotalSeconds, options.Seconds * ControlShare);
        var start = _clock.Elapsed.TotalSeconds;
        var round = Math.Min(LongestRoundSeconds, seconds / FewestRounds);
        _view.Progress("verify", (int)Math.Ceiling(seconds), progress =>
        {
            for (var done = 0.0; done < seconds && !stop.IsCancellationRequested && !_all.IsWrong; done = _clock.Elapsed.TotalSeconds - start)
            {
                progress((int)done);
                Play(originals, control: null, Math.Min(round, seconds - done));
            }
        });
    }

    private VerifyTally Play(IReadOnlyList<RegularFile> originals, VerifyControl? control, double seconds)
    {
        var tally = VerifyRound.Run(options, originals, _rounds++, control, TimeSpan.FromSeconds(Math.Min(LongestRoundSeconds, seconds)), isRight: false, stop);
        _all.Merge(tally);
        return tally;
    }

    private void ShowTable() => _view.Table(
        ["read by", "reads"],
        [
            .. _all.Reads.Select(way => (string[])[NameOf(way.Key), Text(way.Value)]),
            ["", ""],
            ["what happened meanwhile", "times"],
            ["pages rewritten", Text(_all.Rewrites)],
            ["pages written", Text(_all.Writes)],
            ["files cut off or grown", Text(_all.Truncations)],
            ["holes punched", Text(_all.Holes)],
            ["ranges invalidated", Text(_all.Invalidations)],
            ["pages that gave way", Text(_all.PagesGivenUp)],
            ["pages read ahead", Text(_all.PagesReadAhead)],
            ["folios of several pages", Text(_all.LargeFolios)],
            ["pages the cache wrote", Text(_all.PagesWritten)],
            ["  by their age", Text(_all.WrittenByAge)],
            ["  for want of memory", Text(_all.WrittenForMemory)],
            ["blocks of the slab cache", Text(_all.BlocksRented)],
            ["pages of types looked at", Text(_all.NodesRead)],
            ["  constructed", Text(_all.NodesConstructed)],
            ["  destroyed", Text(_all.NodesDestroyed)],
            ["  changed", Text(_all.NodesChanged)],
            ["  cleaned", Text(_all.NodesCleaned)],
            ["  dropped", Text(_all.NodesDropped)],
            ["injected faults met", Text(_all.FaultsMet)],
            ["refused for want of memory", Text(_all.Refused)],
            ["given up", Text(_all.Cancelled)],
        ]);

    private int Conclude(CacheControl[] noticed)
    {
        // A control alone is caught, which is a violation, or proves nothing.
        var isWrong = _all.IsWrong || (options.Control is not null && noticed.Any(control => control.Violations > 0));
        var isShown = options.Control is null && noticed.All(control => control.Violations > 0) && _all is { BytesChecked: > 0, PagesGivenUp: > 0, NodesDestroyed: > 0 };
        var verdict = isWrong ? "violation" : stop.IsCancellationRequested ? "interrupted" : isShown ? "pass" : "inconclusive";
        if (options.Json is { } json)
        {
            var report = new VerifyReport(
                VerifyReport.CurrentSchema, TraceReport.ToolName, VerifyReport.ModeName, verdict, options.Seed, MachineInfo.ThisMachine, Math.Round(_clock.Elapsed.TotalSeconds, 1), _all.BytesChecked,
                _all.WrongBytes, _all.UnjudgedBytes, _all.Reads.ToDictionary(way => NameOf(way.Key), way => way.Value), _all.FaultsMet, _all.Refused, _all.Cancelled, _all.Rewrites, _all.Writes, _all.Truncations,
                _all.Holes, _all.Invalidations, _all.PagesGivenUp, _all.PagesReadAhead, _all.LargeFolios, _all.PagesWritten, _all.WrittenByAge, _all.WrittenForMemory, _all.BlocksRented,
                _all.NodesRead, _all.NodesChanged, _all.NodesDropped, _all.NodesConstructed, _all.NodesDestroyed, _all.NodesCleaned, _all.Faults, noticed);
            JsonFile.Write(json, report, VerifyJson.Default.VerifyReport);
        }

        output.WriteLine(verdict switch
        {
            "pass" => $"Pass: {new ByteCount(_all.BytesChecked)} checked in {Text(_rounds)} rounds, no wrong byte; the controls were caught.",
            "violation" when !_all.IsWrong => "Violation, as the control must have.",
            "violation" => $"Violation: {Text(_all.WrongBytes)} wrong bytes of {Text(_all.BytesChecked)}.",
            "interrupted" => $"Interrupted: {new ByteCount(_all.BytesChecked)} checked, no wrong byte.",
            _ => "Inconclusive: a control was not caught, or nothing was read or gave way.",
        });
        return verdict switch { "pass" => ExitCode.Pass, "violation" => ExitCode.Violation, _ => ExitCode.Inconclusive };
    }

    private static string NameOf(ReadWay way) => way.ToString().ToLowerInvariant();

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
