using System.Diagnostics;
using System.Globalization;
using FolioRuntime.Harness;
using FolioRuntime.Harness.Caching;
using FolioRuntime.Primitives;

namespace FolioRuntime.Caching.Killing;

/// <summary>The controls first, each until it is noticed; then the cache, killed as often as asked for. An interrupted run reports what it has.</summary>
internal sealed class KillRun(KillOptions options, TextWriter output, CancellationToken stop)
{
    private const int MostKillsOfControl = 20;
    private const int LongestLifeMilliseconds = 150;

    // So often a writer is killed while it starts, or opens what the last one left.
    private const int OnceFromStart = 8;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _kills;
    private int _killsAfterFlush;
    private long _flushes;

    public int Run()
    {
        output.WriteLine($"folio-cache kill  seed {options.Seed}  {KillScript.Threads} threads, {KillScript.Pages} pages  on {MachineInfo.ThisMachine}");
        var folder = options.Directory ?? Directory.CreateTempSubdirectory("folio-kill-").FullName;
        try
        {
            var controls = KillSubject.Controls.Where(known => options.Control is null || known.Name == options.Control).Select(control => Try(control, folder)).ToArray();
            var verifier = new KillVerifier(KillSubject.Cache, PathOf(folder, KillSubject.Cache), options.Seed);
            if (options.Control is null)
                new ProgressView(output).Progress("kill", options.Kills, progress => Play(KillSubject.Cache, verifier, folder, options.Kills, progress, () => verifier.Faults.Count > 0));
            foreach (var fault in verifier.Faults)
                output.WriteLine($"WRONG: {fault}");
            return Conclude(verifier, controls);
        }
        finally
        {
            if (options.Directory is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    private CacheControl Try(KillSubject control, string folder)
    {
        var verifier = new KillVerifier(control, PathOf(folder, control), options.Seed);
        var (flushes, after, kills) = (_flushes, _killsAfterFlush, _kills);
        Play(control, verifier, folder, MostKillsOfControl, static _ => { }, () => verifier.WrongPages + verifier.LostPages > 0);
        (_flushes, _killsAfterFlush, _kills) = (flushes, after, kills);
        var violations = verifier.WrongPages + verifier.LostPages;
        output.WriteLine($"control  {control.Name,-24} {(violations > 0 ? "caught" : "NOT caught")}: {verifier.WrongPages} wrong pages, {verifier.LostPages} lost");
        return new CacheControl(control.Name, violations);
    }

    private void Play(KillSubject subject, KillVerifier verifier, string folder, int kills, Action<int> progress, Func<bool> isEnough)
    {
        File.Delete(PathOf(folder, subject));
        var random = new XorShift(options.Seed, stream: subject.Name.Length);
        var hasFlushed = false;

        // A busy machine may give no writer the time to flush; then a few more are killed, for without a flush nothing is shown.
        for (var life = 1; (life <= kills || (!hasFlushed && life <= kills + MostKillsOfControl)) && !stop.IsCancellationRequested && !isEnough(); life++)
        {
            using var victim = new KillVictim(subject, PathOf(folder, subject), options.Seed, life);
            var (flushed, flushes, failure) = victim.Kill(random.Below(LongestLifeMilliseconds), random.OnceIn(OnceFromStart));
            if (failure is not null)
                verifier.Faults.Add(failure);
            verifier.Check(life, flushed);
            _kills++;
            _flushes += flushes;
            _killsAfterFlush += flushes > 0 ? 1 : 0;
            hasFlushed |= flushes > 0;
            progress(Math.Min(life, kills));
        }
    }

    private int Conclude(KillVerifier verifier, CacheControl[] controls)
    {
        // A control alone is caught, which is a violation, or proves nothing.
        var isWrong = verifier.Faults.Count > 0 || (options.Control is not null && controls.Any(control => control.Violations > 0));
        var isShown = options.Control is null && controls.All(control => control.Violations > 0) && _killsAfterFlush > 0;
        var verdict = isWrong ? "violation" : stop.IsCancellationRequested ? "interrupted" : isShown ? "pass" : "inconclusive";
        if (options.Json is { } json)
        {
            var report = new KillReport(
                KillReport.CurrentSchema, TraceReport.ToolName, KillReport.ModeName, verdict, options.Seed, MachineInfo.ThisMachine, Math.Round(_clock.Elapsed.TotalSeconds, 1), _kills, _killsAfterFlush, _flushes,
                verifier.BytesChecked, verifier.WrongPages, verifier.LostPages, verifier.TornPages, verifier.Faults, controls);
            JsonFile.Write(json, report, KillJson.Default.KillReport);
        }

        var figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{_kills} kills, {_killsAfterFlush} of them after a flush, {_flushes:N0} flushes, {new ByteCount(verifier.BytesChecked)} checked: {verifier.WrongPages} wrong pages, {verifier.LostPages} lost, {verifier.TornPages} torn and noticed");
        output.WriteLine(verdict switch
        {
            "pass" => $"Pass: {figures}; the controls were caught.",
            "violation" when verifier.Faults.Count == 0 => "Violation, as the control must have.",
            "violation" => $"Violation: {figures}.",
            "interrupted" => $"Interrupted: {figures}.",
            _ => "Inconclusive: a control was not caught, or no writer had flushed when it was killed.",
        });
        return verdict switch { "pass" => ExitCode.Pass, "violation" => ExitCode.Violation, _ => ExitCode.Inconclusive };
    }

    private static string PathOf(string folder, KillSubject subject) => Path.Combine(folder, $"{subject.Name}.pages");
}
