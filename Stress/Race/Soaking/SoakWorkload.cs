using System.Diagnostics;

namespace FolioRuntime.Race.Soaking;

/// <summary>Wears runtimes with few generations out, one after the other, and measures what is lost to exhaustion on the way.</summary>
internal sealed class SoakWorkload(SoakOptions options)
{
    private readonly Stopwatch _clock = new();
    private LossSample _peak;
    private LossSample _end;
    private long _beyondBound;

    public SoakReport Run(Action<SoakReport> onProgress, CancellationToken stop)
    {
        _clock.Start();
        var total = Empty();
        var lives = 0;
        do
        {
            using var life = new SoakLife(options, options.Seed + (ulong)lives++);
            life.Run(
                sample =>
                {
                    Add(sample);
                    onProgress(With(total, life));
                },
                () => stop.IsCancellationRequested || _clock.Elapsed >= options.Time);
            total = With(total, life);
        }
        while (lives < options.Lives && !stop.IsCancellationRequested && _clock.Elapsed < options.Time);
        return total;
    }

    private SoakReport Empty() => new()
    {
        Seconds = 0,
        Operations = 0,
        LivesEnded = 0,
        WordsRetired = 0,
        SlabsGivenBack = 0,
        StaleRejected = 0,
        Peak = default,
        End = default,
        BeyondBound = 0,
        Violations = 0,
        LastWords = null,
    };

    private SoakReport With(SoakReport before, SoakLife life) => before with
    {
        Seconds = _clock.Elapsed.TotalSeconds,
        Operations = before.Operations + life.Operations,
        LivesEnded = before.LivesEnded + (life.IsOver ? 1 : 0),
        WordsRetired = before.WordsRetired + _end.WordsRetired,
        SlabsGivenBack = before.SlabsGivenBack + _end.SlabsGivenBack,
        StaleRejected = before.StaleRejected + life.StaleRejected,
        Peak = _peak,
        End = _end,
        BeyondBound = _beyondBound,
        Violations = before.Violations + life.Violations,
        LastWords = life.LastWords ?? before.LastWords,
    };

    private void Add(LossSample sample)
    {
        _end = sample;
        if (sample.LostBytes > _peak.LostBytes)
            _peak = sample;
        if (!sample.IsWithinBound)
            _beyondBound++;
    }
}
