using FolioRuntime.Lifetimes;

namespace FolioRuntime.Slabs;

/// <content>Who rented what is out. Nothing of it is on the way of a return; on that of a rent only where leaks are looked for.</content>
public sealed partial class SlabCache
{
    internal LifeTracks? Tracks => _reporter.Tracks;

    /// <summary>
    /// Waits until every object is back. For tests: it looks every 10 milliseconds. Objects that were rented by a sampled rent (<see cref="SlabCacheOptions.LeakSampleInterval"/>) are named if they are not.
    /// </summary>
    /// <param name="timeout">How long, by <see cref="PoolRuntimeOptions.TimeProvider"/>; zero: looks once; <see cref="Timeout.InfiniteTimeSpan"/>: for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LeakException">Objects are out still; its report says which. Nothing changed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative.</exception>
    public Task WhenAllReturnedAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        ReturnWait.UntilNothingIsOut(StillOut, timeout, _registry.Time, cancellationToken);

    /// <summary>All that is out now.</summary>
    internal LeakReport StillOut()
    {
        var count = Statistics().ActiveObjects;
        if (count == 0)
            return LeakReport.None;
        return Tracks?.StillOut(count) ?? new LeakReport { Leaks = [], Unnamed = new Dictionary<string, long> { [Name] = count } };
    }

    /// <summary>For an owner object, what tells when it is garbage though its slot is out; null: this rent isn't watched.</summary>
    internal LeakWatch? Watch(SlabHandle handle) => Tracks?.Watch(handle.Index, handle.Generation);

    private static LifeTracks? TracksOf(SlabRegistry registry, SlabType type, SlabCacheOptions options)
    {
        var keepsReturns = options.Debug.HasFlag(SlabDebugOptions.Stacks);
        if (!keepsReturns && !options.Leaks.IsOn)
            return null;
        return new LifeTracks(index => Lifetime.Load(ref registry.Tables.SlotWord(index)), registry.Generations, registry.Violations, registry.Time)
        {
            Subject = type.Name,
            TypeName = type.TypeName,
            Leaks = options.Leaks,
            KeepsReturns = keepsReturns,
        };
    }
}
