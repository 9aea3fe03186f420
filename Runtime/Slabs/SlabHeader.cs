using System.Runtime.InteropServices;
using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <summary>
/// What a cache knows of one slab: a line in the header table, out of band, at the slab's first frame. Guarded by the cache's latch,
/// except the identity fields, which stay the same from before the slab's first publication until after its last slot died.
/// Linux: <c>struct slab</c>.
/// <code>
///   SlotCount == free in the slab + retired + (in threads' stacks, or with users)
/// </code>
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Bytes)]
internal struct SlabHeader
{
    public const int Bytes = CacheLine.Bytes;

    /// <summary>A keyed mix of the slab's place, cache and size: memory that was overwritten doesn't have it.</summary>
    [FieldOffset(0)]
    public ulong Cookie;

    /// <summary>The type: the id of the cache, which knows size, alignment, constructor, destructor and flags.</summary>
    [FieldOffset(8)]
    public uint CacheId;

    /// <summary>The slot index of the slab's first slot: which window of the frames' words it uses.</summary>
    [FieldOffset(12)]
    public uint FirstIndex;

    [FieldOffset(16)]
    public uint SlotCount;

    [FieldOffset(20)]
    public uint FreeCount;

    [FieldOffset(24)]
    public uint RetiredCount;

    [FieldOffset(28)]
    public uint FrameCount;

    [FieldOffset(32)]
    public uint Next;

    [FieldOffset(36)]
    public uint Previous;

    [FieldOffset(40)]
    public SlabListKind List;

    /// <summary>How long nothing was taken from it or given to it.</summary>
    [FieldOffset(41)]
    public SlabRest Rest;

    /// <summary>Words of the slab's bitmap before this one have no free slot.</summary>
    [FieldOffset(44)]
    public uint FirstFreeWord;

    /// <summary>Nobody holds a slot of it: every slot is free in the slab or retired.</summary>
    public readonly bool IsEmpty => FreeCount + RetiredCount == SlotCount;
}
