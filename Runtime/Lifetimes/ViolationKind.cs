namespace FolioRuntime.Lifetimes;

/// <summary>What kind of misuse or damage was found.</summary>
public enum ViolationKind
{
    /// <summary>A return of an object that was freed before: its generation is over.</summary>
    StaleReturn,

    /// <summary>A second return within the same generation, or a return of an object that was never rented.</summary>
    DoubleReturn,

    /// <summary>A return while somebody holds the object frozen.</summary>
    FrozenReturn,

    /// <summary>A handle of another cache, another runtime, or of no object at all.</summary>
    ForeignHandle,

    /// <summary>A reference put more often than it was got.</summary>
    SurplusPut,

    /// <summary>A second dispose of an owner object.</summary>
    DoubleDispose,

    /// <summary>A destructor threw, or the disposal of a page cache's store by whoever read from it last. What it was to end is ended all the same.</summary>
    DestructorThrew,

    /// <summary>A slab's header, free slots, red zones or freed objects are not as they were left: the slab is quarantined and never handed out again.</summary>
    Corruption,

    /// <summary>Objects were still out when their cache or runtime was disposed.</summary>
    OutstandingAtDispose,

    /// <summary>Giving memory back in the background threw, or a shrinker did. Nothing is lost: what was not given back is there for the next time.</summary>
    ReclaimFailed,

    /// <summary>An object wasn't returned: its owner is unreachable, or it has been out for too long. Only where leaks are looked for (docs/DEBUGGING.md).</summary>
    Leak,

    /// <summary>Retained bytes read, pinned or retained again after their release, or a block retained after it had been given back. It was refused.</summary>
    UseAfterRelease,
}
