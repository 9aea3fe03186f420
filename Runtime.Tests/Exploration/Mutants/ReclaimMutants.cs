using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>Mistakes in how shrinkers are called, and in how the reclaimer is woken.</summary>
internal static class ReclaimMutants
{
    private const string Registration = "Runtime/Reclaiming/ShrinkerRegistration.cs";
    private const string Background = "Runtime/Reclaiming/BackgroundReclaimer.cs";
    private const string Reclaimer = "Runtime/Reclaiming/Reclaimer.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "shrinker-called-after-its-end",
            "Whether a registration is disposed is asked where the call is counted; else a shrinker is asked after its end.",
            Registration,
            """
            if (_disposed)
                return false;
            """,
            "",
            "shrinker-dispose-against-call"),
        new(
            "dispose-without-waiting",
            "A dispose waits for calls under way; else they go on after it.",
            Registration,
            "Atomics.LoadAcquire(ref _calls) != 0;",
            "Atomics.LoadAcquire(ref _calls) > 9;",
            "shrinker-dispose-against-call"),
        new(
            "waits-for-one-call",
            "It waits for all of them.",
            Registration,
            "Atomics.LoadAcquire(ref _calls) != 0;",
            "Atomics.LoadAcquire(ref _calls) == 1;",
            "shrinker-dispose-against-call"),
        new(
            "second-dispose-doesnt-wait",
            "Whoever disposes it a second time relies on the end of calls too.",
            Registration,
            """
            if (isFirst)
                list.Remove(this);
            """,
            """
            if (!isFirst)
                return;
            list.Remove(this);
            """,
            "shrinker-disposed-by-two"),
        new(
            "wake-lost-in-a-look",
            "After a look the timer is set to now if somebody woke meanwhile; else the wake-up waits for the interval's end.",
            Background,
            "if (!IsStopped && Atomics.LoadAcquire(ref _woken) != 0)",
            "if (IsStopped)",
            "wake-against-look"),
        new(
            "wake-looked-for-too-early",
            "That is asked after the timer was set to the interval's end; else a wake-up in between is overwritten.",
            Background,
            """
            Guard(() => _timer.Change(UntilIntervalEnds(), Timeout.InfiniteTimeSpan));

            // Whoever woke it meanwhile may have fired the timer for nothing, because this look was under way, or set it before it was set to the interval's end.
            if (!IsStopped && Atomics.LoadAcquire(ref _woken) != 0)
                FireNow();
            """,
            """
            Guard(() => _timer.Change(Atomics.LoadAcquire(ref _woken) != 0 ? TimeSpan.Zero : UntilIntervalEnds(), Timeout.InfiniteTimeSpan));
            """,
            "wake-against-look"),
        new(
            "timer-fired-before-the-wake",
            "A wake-up is there before the timer fires; else the look that comes doesn't see it.",
            Background,
            """
            Atomics.Exchange(ref _woken, 1);
            FireNow();
            """,
            """
            FireNow();
            Atomics.Exchange(ref _woken, 1);
            """,
            "wake-against-look"),
        new(
            "one-round-of-shrinking",
            "An allocation has shrinkers free more from step to step, as long as they do; else another's gets what they freed for it.",
            Reclaimer,
            "step > MostSteps ||",
            "step > 1 ||",
            "direct-reclaim-by-two"),
    ];
}
