namespace FolioRuntime.Folios;

/// <summary>What happened to a runtime's folios so far. Counts only grow, and are exact when no operation is under way.</summary>
public sealed record FolioStatistics
{
    /// <summary>Folios handed out; each part of a split counts.</summary>
    public required long Allocated { get; init; }

    /// <summary>Folios whose generation has ended. </summary>
    public required long Freed { get; init; }

    /// <summary>Folios out now.</summary>
    public long Alive => Math.Max(0, Allocated - Freed);

    /// <summary>Gets and reads by a handle whose folio was gone, or which never named one here.</summary>
    public required long StaleRejected { get; init; }

    /// <summary>Gets that met a frozen folio.</summary>
    public required long FrozenMet { get; init; }

    /// <summary>Gets that met the reference limit.</summary>
    public required long SaturatedRejected { get; init; }
}
