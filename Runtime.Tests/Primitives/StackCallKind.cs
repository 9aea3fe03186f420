namespace FolioRuntime.Tests.Primitives;

internal enum StackCallKind
{
    Push,
    Pop,

    /// <summary>Two items at once, numbered one after the other.</summary>
    Refill,

    /// <summary>Up to two.</summary>
    TakeOldest,
    DrainAll,

    /// <summary>Not a call: a thread's turn to pass places.</summary>
    Turn,

    /// <summary>Not a call: the thread ends and another takes its place; what it kept is given back.</summary>
    EndThread,
}
