using FolioRuntime.Lifetimes;

namespace FolioRuntime;

/// <content>What was rented and not returned.</content>
public sealed partial class PoolRuntime
{
    /// <summary>
    /// What is known to be leaked among the rents that are sampled (<see cref="Slabs.SlabCacheOptions.LeakSampleInterval"/>): objects whose owner the collector found unreachable, as far as it has collected, and
    /// objects that have been out for longer than <see cref="Slabs.SlabCacheOptions.LeakAgeLimit"/>. The latter are reported as <see cref="ViolationKind.Leak"/> now, if the timer has not
    /// done so yet. Of a cache's unreachable ones the first 64 are named, and the others counted. Looks at every object that is out and was sampled.
    /// </summary>
    /// <returns>The report, which keeps nothing alive but call stacks.</returns>
    public LeakReport FindLeaks() => _leaks.Find();

    /// <summary>
    /// Waits until every object and folio of this runtime is back, but for the pages that page caches hold. For tests: it looks every 10 milliseconds. Objects that were rented by a
    /// sampled rent, and owners of folios likewise, are named if they are not.
    /// </summary>
    /// <param name="timeout">How long, by <see cref="PoolRuntimeOptions.TimeProvider"/>; zero: looks once; <see cref="Timeout.InfiniteTimeSpan"/>: for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LeakException">Some are out still; its report says which. Nothing changed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative.</exception>
    public Task WhenAllReturnedAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        ReturnWait.UntilNothingIsOut(StillOut, timeout, Options.TimeProvider, cancellationToken);

    /// <summary>Everything that is out now.</summary>
    internal LeakReport StillOut() => _leaks.StillOut(PageCaches().Sum(cache => (long)cache.Statistics.PagesInUse));
}
