namespace FolioRuntime.Race.Traces;

/// <summary>One access to the slot's word, or one destructor.</summary>
/// <param name="Call">The index of the call that made it.</param>
/// <param name="Operation">What it did.</param>
/// <param name="Before">The word before.</param>
/// <param name="After">The word after; a failed compare-exchange leaves it as it was.</param>
/// <param name="DestructorType">For a destructor, the type it is of; else -1.</param>
/// <param name="ContentType">For a destructor, the type of the object it ran on; else -1.</param>
internal sealed record TraceStep(
    int Call,
    TraceOperation Operation,
    ulong Before = 0,
    ulong After = 0,
    int DestructorType = -1,
    int ContentType = -1);
