namespace FolioRuntime.Hosting;

/// <summary>When the health check of a runtime finds fault. Immutable; every property has a usable default.</summary>
public sealed record PoolRuntimeHealthOptions
{
    /// <summary>The part of the capacity that folios and slabs may take before the runtime counts as short of memory: above 0, up to 1. Default: 0.95.</summary>
    public double MostUsed { get; init; } = 0.95;

    /// <summary>How long misuse is held against the runtime after it was last found. Default: 5 minutes.</summary>
    public TimeSpan MisuseRemembered { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many leaks may be found in a <see cref="LeakPeriod"/> before they are held against the runtime: 0 to 999. Default: 0.</summary>
    public int MostLeaks { get; init; }

    /// <summary>The time for <see cref="MostLeaks"/>, up to the check. Default: 5 minutes.</summary>
    public TimeSpan LeakPeriod { get; init; } = TimeSpan.FromMinutes(5);

    internal void Validate()
    {
        // Written so that a NaN is refused.
        if (!(MostUsed is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(MostUsed), MostUsed, $"{nameof(MostUsed)} must be above 0 and at most 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(MisuseRemembered, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LeakPeriod, TimeSpan.Zero);
        PoolRuntimeOptions.RequireBetween(MostLeaks, 0, ViolationWatch.MostLeaksRemembered - 1, nameof(MostLeaks));
    }
}
