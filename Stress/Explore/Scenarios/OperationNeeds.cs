namespace FolioRuntime.Exploration.Scenarios;

/// <summary>What an operation needs of the slot that it is played on.</summary>
[Flags]
internal enum OperationNeeds
{
    /// <summary>Nothing: it bears whatever it finds.</summary>
    None = 0,

    /// <summary>The current object is rented.</summary>
    Owner = 1,

    /// <summary>The current object isn't rented, and has no owner who could be mistaken for this one.</summary>
    NoOwner = 2,

    /// <summary>A reference on the current object, its own from the beginning.</summary>
    Reference = 4,

    /// <summary>So many references on the current object that there can't be more.</summary>
    Crowd = 8,

    /// <summary>The current object is held exclusively.</summary>
    Exclusive = 16,

    /// <summary>The slot is free, unless another operation needs an object in it.</summary>
    FreeSlot = 32,

    /// <summary>Nothing that can be shared lives in the slot, at any time.</summary>
    Dead = 64,

    /// <summary>To be the only writer of content.</summary>
    Writer = 128,

    /// <summary>Freezes, so that others may be told so.</summary>
    Freezes = 256,
}
