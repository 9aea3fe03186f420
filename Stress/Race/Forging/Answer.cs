namespace FolioRuntime.Race.Forging;

/// <summary>What the runtime said to a handle, and whether it was right.</summary>
internal enum Answer
{
    /// <summary>No.</summary>
    Refused,

    /// <summary>Yes, and it named a live object.</summary>
    Rightly,

    /// <summary>Yes, though no object of that handle was alive at any instant of the call.</summary>
    Wrongly,
}
