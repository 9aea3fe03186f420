namespace FolioRuntime.Reclaiming;

/// <summary>
/// Something built on a runtime that holds memory of it and could do with less: a cache of pages, or of rented objects. Registered by
/// <see cref="PoolRuntime.RegisterShrinker"/>, it is asked when memory is short, before an allocation fails. Linux: <c>struct shrinker</c>.
/// <para>
/// Both members are called with no latch of the runtime held, on whichever thread found memory short: in the middle of a rent or allocation, or in the background; by
/// several threads at the same time. So they must be thread-safe, and must not wait for a lock that somebody may hold while he rents: take it if it is free,
/// else free nothing this time. What they rent themselves may come out of the runtime's reserve (<see cref="PoolRuntimeOptions.MinWatermark"/>) and calls no shrinker: the rent fails at once if there is
/// nothing. What they throw is reported as <see cref="Lifetimes.ViolationKind.ReclaimFailed"/> and counts as having freed nothing.
/// </para>
/// </summary>
public interface IShrinker
{
    /// <summary>How many objects, in units of its own, it could free now. An estimate, made quickly; 0 or less: none. Linux: <c>count_objects</c>.</summary>
    long Count();

    /// <summary>Frees about so many, those that it can best do without. Linux: <c>scan_objects</c>.</summary>
    /// <param name="count">How many, 1 or more, of what <see cref="Count"/> counts.</param>
    /// <returns>How many it freed, as far as it knows; 0 or less: none.</returns>
    long Scan(long count);
}
