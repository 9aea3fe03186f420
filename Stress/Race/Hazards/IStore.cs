namespace FolioRuntime.Race.Hazards;

/// <summary>A bounded pool of equal objects as the store scenes see it: the runtime's slab cache, or a control. Safe for any number of threads.</summary>
internal interface IStore : IDisposable
{
    /// <summary>Most objects that may be out at a time, and that can all be out once everybody is quiet.</summary>
    int Capacity { get; }

    /// <summary>Handles' indices, their low 32 bits, are below this.</summary>
    uint IndexLimit { get; }

    /// <summary>
    /// Returns so far that were accepted and later told as one too many; exact after a trim when all are quiet.
    /// Null: there are none, each return is judged at once.
    /// </summary>
    long? ToldLater { get; }

    /// <summary>Takes an object, constructed. False: none is left. What the constructor throws passes through.</summary>
    bool TryRent(out ulong handle);

    /// <summary>Ends the hold that <see cref="TryRent"/> gave. False: refused.</summary>
    bool TryReturn(ulong handle);

    /// <summary>Tries to return the object through another pool of the same runtime. Must be refused.</summary>
    bool TryReturnElsewhere(ulong handle);

    /// <summary>The object's memory, for who rented it.</summary>
    Span<byte> Content(ulong handle);

    /// <summary>Takes back what threads keep for themselves.</summary>
    void Trim();

    /// <summary>Everything was returned, and nobody is inside: the runtime must add up; a control is made whole again, as broken as it was at first.</summary>
    void Repair();
}
