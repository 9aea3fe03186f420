namespace FolioRuntime.Race.Workloads;

/// <summary>What the oracle can catch.</summary>
internal enum FaultKind
{
    /// <summary>A destructor of one type ran on an object of another.</summary>
    WrongDestructor,

    /// <summary>A destructor ran on an object that was destroyed already.</summary>
    DestroyedTwice,

    /// <summary>A destructor ran while somebody held a reference.</summary>
    DestroyedWhileHeld,

    /// <summary>An object's memory didn't hold what was written at allocation.</summary>
    ContentCorrupt,

    /// <summary>Everybody let go, and nobody destroyed it.</summary>
    NeverDestroyed,

    /// <summary>The protocol called correct use a misuse, or lost memory.</summary>
    Complaint,

    /// <summary>
    /// A look-up through a stale handle succeeded and found another object. A promise of the runtime, so a violation there; the
    /// controls never made it (their users check identity after the get), so there it is counted apart.
    /// </summary>
    StrangerAccepted,
}
