namespace FolioRuntime.Integrations.Pipelines;

/// <summary>
/// What becomes of memory that is to be retained and isn't of a <see cref="SlabMemoryPool"/>'s block: a plain array, such as a pool gives when its capacity is spent or
/// a buffer is longer than its largest block, or another pool's. Nothing could keep such memory from being used again.
/// </summary>
public enum ForeignMemory
{
    /// <summary>It is refused, and nothing is retained.</summary>
    Refuse,

    /// <summary>Its bytes are copied to an array of their own, which the garbage collector owns; counted in <see cref="RetainedSequence.CopiedBytes"/>.</summary>
    Copy,
}
