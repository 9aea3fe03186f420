namespace FolioRuntime.Race.Controls;

/// <summary>The one step that is wrong in a <see cref="WrongStore"/>, <see cref="WrongOwners"/>, <see cref="WrongPins"/>, <see cref="WrongShrinking"/>, <see cref="WrongWaking"/>, <see cref="WrongRetaining"/>, <see cref="WrongCachedFiles"/> or <see cref="WrongGrowing"/>.</summary>
internal enum WrongStep
{
    /// <summary>Nothing: the copy is right.</summary>
    None,

    /// <summary>The capacity is looked at first and counted afterwards.</summary>
    CapacityCheckedApart,

    /// <summary>The constructor runs for memory that is new, not for an object that is rented again.</summary>
    ConstructedOnce,

    /// <summary>A return asks for slot and generation and not for the pool.</summary>
    AnyPoolReturns,

    /// <summary>What a thread kept when it ended is never taken back.</summary>
    EndedThreadsForgotten,

    /// <summary>A thread that frees keeps everything, and nobody else gets at it.</summary>
    FreerHoards,

    /// <summary>A batch of returned objects is handed over by load and store, so a batch handed over at that moment is lost.</summary>
    BatchStored,

    /// <summary>The owner of a list looks whether it is shut out and then announces that it is inside: what a plain store without a fence comes to.</summary>
    AnnouncedLate,

    /// <summary>The latch is not given back, nor the slot, when the constructor throws.</summary>
    LatchLeaked,

    /// <summary>A return looks at the word and then stores.</summary>
    ReturnWithoutCompare,

    /// <summary>As many lists as there should be threads; whoever comes later uses somebody's.</summary>
    ThreadsPlanned,

    /// <summary>Whoever returns an object ends its life, by a plain store, whoever owns the slab.</summary>
    EndedElsewhere,

    /// <summary>An owner looks whether an object is its own to end before it is inside its section.</summary>
    JudgedOutside,

    /// <summary>A message goes into the inbox of the owner found before the latch was held, who may have been given up since.</summary>
    InboxOutlivesOwner,

    /// <summary>A rent looks whether the pool has ended and then takes the latch: so a slab gets an owner whom nobody gives up any more.</summary>
    EndSeenEarly,

    /// <summary>The slots of all threads are summed and then shut.</summary>
    SummedFirst,

    /// <summary>Who takes itself off a list of what is called doesn't wait for a call that is under way.</summary>
    CallsNotAwaited,

    /// <summary>What was copied out of a page without a hold is believed.</summary>
    CopyNotValidated,

    /// <summary>Whether a block is still out is looked at, and then its holders are counted.</summary>
    RetainedAfterALook,

    /// <summary>A timer is set to its interval's end after a look, whoever wanted it to fire at once meanwhile.</summary>
    WakeOverwritten,

    /// <summary>A list is copied into a larger one, and then whoever empties it is shut out and the larger one put in its place.</summary>
    GrownOutside,
}
