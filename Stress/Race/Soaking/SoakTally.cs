namespace FolioRuntime.Race.Soaking;

/// <summary>What one thread did. Written by that thread alone.</summary>
internal sealed class SoakTally
{
    /// <summary>Objects and folios rented and returned.</summary>
    public long Operations;

    /// <summary>Rents that found no memory.</summary>
    public long Refused;

    public long StaleRejected;

    /// <summary>Broken promises: stale handles accepted, objects changed, returns refused.</summary>
    public long Violations;
}
