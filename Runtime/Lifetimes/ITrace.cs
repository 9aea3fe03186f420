namespace FolioRuntime.Lifetimes;

/// <summary>
/// Is told what happens away from the ways that must be fast, for whoever listens outside. Called with no latch held, since listeners are user code; never throws. Where nobody
/// listens a call is a look at a flag.
/// </summary>
internal interface ITrace
{
    /// <summary>A rent or an owner that is remembered begins.</summary>
    void Rented(string subject, uint index, uint generation);

    /// <summary>A life ends, or its owner returns it, in a cache that keeps returns.</summary>
    void Returned(string subject, uint index, uint generation);

    /// <summary>A thread with no free object left took some.</summary>
    void Refilled(string subject, int objects, bool fromDepot);

    /// <summary>A thread with no room for free objects gave some up.</summary>
    void Flushed(string subject, int objects, bool toDepot);

    /// <summary>A slab was made for a rent.</summary>
    void SlabCreated(string subject, long bytes);

    /// <summary>A slot has spent its generations.</summary>
    void SlotRetired(string subject, uint index);

    /// <summary>Misuse, damage or a leak was found.</summary>
    void Found(Violation violation);
}
