namespace FolioRuntime.Laboratory;

/// <summary>What is on the evaluation stack, as far as accesses through it go.</summary>
internal enum SlotKind
{
    /// <summary>An object, an address of memory that may be shared, or a number.</summary>
    Open,

    /// <summary>A structure itself, a copy that nobody else has.</summary>
    Structure,

    /// <summary>An address of, or an array in, what only this thread has or nobody writes, or what is marked as a glance.</summary>
    Private,
}
