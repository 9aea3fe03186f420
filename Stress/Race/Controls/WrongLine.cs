namespace FolioRuntime.Race.Controls;

/// <summary>The one line that is wrong in a control over lifetime words: <see cref="FrozenLifetime"/> and what is built on it. Each is a mistake that somebody published or could make.</summary>
internal enum WrongLine
{
    /// <summary>Nothing: the copy is right.</summary>
    None,

    /// <summary>Whoever ends an object runs the destructor of the type that he had in mind.</summary>
    DestructorOfCaller,

    /// <summary>The last put clears the live bit with an atomic And, which asks nothing, in place of a compare-exchange.</summary>
    EndWithoutCompare,

    /// <summary>The live bit is cleared once more after the slot has been put on the free list.</summary>
    LiveClearedLate,

    /// <summary>The references lie directly below the live bit, so that enough failing gets carry into it.</summary>
    ReferencesBelowLive,

    /// <summary>A put that leaves no reference ends the object without asking whether there is one.</summary>
    PutIgnoresDeath,

    /// <summary>After the last generation comes the first again.</summary>
    GenerationsWrap,

    /// <summary>A reference field of 28 bits, and no limit to what a get may leave in it.</summary>
    NoReferenceLimit,

    /// <summary>The references are looked at, and then the frozen word is stored.</summary>
    FreezeWithoutCompare,

    /// <summary>Publishing adds to the dead word, and so keeps what failed gets have left there.</summary>
    PublishByAdd,

    /// <summary>The word is published before the object is written.</summary>
    PublishFirst,

    /// <summary>Generation and life are looked at before the reference is taken, and not again.</summary>
    CheckBeforeHold,

    /// <summary>A get asks whether an object is alive and not which.</summary>
    GenerationIgnored,

    /// <summary>Of two generations only the low 8 bits are compared.</summary>
    GenerationCutShort,

    /// <summary>An optimistic read asks at its end whether there is an object and not which.</summary>
    ReadIgnoresGeneration,

    /// <summary>The content sequence grows when a change in place is over, and not when it begins.</summary>
    WriteTellsLate,

    /// <summary>The word of a free slot is given back, and what it had issued is forgotten with it.</summary>
    FloorForgotten,

    /// <summary>A return gives the memory back whoever else holds a reference.</summary>
    ReturnIgnoresHolders,
}
