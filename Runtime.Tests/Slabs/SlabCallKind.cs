namespace FolioRuntime.Tests.Slabs;

internal enum SlabCallKind
{
    Rent,
    Return,
    Get,
    Put,
    Trim,

    /// <summary>Not a call: a thread's turn to pass places.</summary>
    Turn,
}
