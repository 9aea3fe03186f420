using System.Runtime.InteropServices;
using FolioRuntime.Primitives;

namespace FolioRuntime.Pages;

/// <summary>
/// What the runtime knows of one 4 KiB frame: one cache line in the frame table, which is never unmapped, discarded or used
/// for anything else while a handle may lead to it. Linux: <c>struct page</c>.
/// <code>
///    0 Word          lifetime word of the folio headed here    Writers: Lifetime only
///    8 SlabCacheId   0: not in a slab                          Writer: the cache that owns the frames, before the first
///   12 SlabHead      first frame of the slab                     publication in the slab and after its last slot died
///   16 SlabOrigin    address of slot index 0, had it this stride   (readers hold a live slot of the slab, or check the id)
///      PageKey       the same bytes, of a page of a type: its key   whoever fills the page, before it can be found
///   24 Sequence      content sequence of the folio headed here Writer: the folio's locker or freezer
///   28 Flags         folio flags (Folios/FolioFlags)           atomic or/and
///   32 Next          buddy list, frame number                  under the page allocator's latch
///      PageType      the same bytes, of an allocated folio: the type of page, 0: none   as PageKey; whoever begins or ends the folio
///   36 Previous      buddy list, frame number                  under the page allocator's latch
///      CachePage     the same bytes, of an allocated block: its number in a page cache   the cache that has the folio
///   40 Head          first frame of the block this frame is in under the latch, or by the block's owner
///   44 State, Order  of the block, in its head frame           under the latch, or by the block's owner
///   46 UnfitFor      generations spent for these uses          under the latch
///   47 Content       what this frame's memory holds            under the latch, or by the block's owner
///   48 IsClean       free block without memory, in its head    under the latch
///   49 Resident      which other tables have memory here       under the latch, or by the block's owner
///   50 RetiredSlotWords  of this frame's slot words          under the latch of the cache that owns the frame
///   52 GenerationFloor   of this frame's slot words          under the latch
///   56 SlabOwner     whose thread alone writes the words of    under the latch of the cache that owns the frame
///                    the slab's slots that are out; 0: nobody's
/// </code>
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Bytes)]
internal struct PageFrame
{
    public const int Bytes = CacheLine.Bytes;

    [FieldOffset(0)]
    public ulong Word;

    [FieldOffset(8)]
    public uint SlabCacheId;

    [FieldOffset(12)]
    public uint SlabHead;

    [FieldOffset(16)]
    public nint SlabOrigin;

    /// <summary>Of a folio with a <see cref="PageType"/>: which page of the type. No slab reads it, for none has the frame.</summary>
    [FieldOffset(16)]
    public long PageKey;

    [FieldOffset(24)]
    public uint Sequence;

    [FieldOffset(28)]
    public uint Flags;

    [FieldOffset(32)]
    public uint Next;

    /// <summary>While the block is an allocated folio: whose destructor ends it; 0: nobody's. The same from before anybody can find the folio until after its last reference (L1).</summary>
    [FieldOffset(32)]
    public uint PageType;

    [FieldOffset(36)]
    public uint Previous;

    /// <summary>While the block is allocated to a page cache: the page's number there. Only the block's owner knows whether it means anything.</summary>
    [FieldOffset(36)]
    public uint CachePage;

    [FieldOffset(40)]
    public uint Head;

    [FieldOffset(44)]
    public FrameState State;

    [FieldOffset(45)]
    public byte Order;

    /// <summary>Uses for which this frame can't head a block any more, because its generations for them are spent. Only grows.</summary>
    [FieldOffset(46)]
    public FrameUses UnfitFor;

    [FieldOffset(47)]
    public FrameContent Content;

    /// <summary>1: no frame of the free block headed here is <see cref="FrameContent.Written"/>. 0: some may be.</summary>
    [FieldOffset(48)]
    public byte IsClean;

    /// <summary>Which entries of this frame in the other tables may hold something.</summary>
    [FieldOffset(49)]
    public FrameTables Resident;

    /// <summary>Slot words of this frame that have issued their last generation.</summary>
    [FieldOffset(50)]
    public ushort RetiredSlotWords;

    /// <summary>
    /// Above every generation that this frame's slot words had issued when their memory was given back, and so the least that a word of zeros may issue next.
    /// 0: it never was. Only grows.
    /// </summary>
    [FieldOffset(52)]
    public uint GenerationFloor;

    /// <summary>The <see cref="ThreadStack.OwnerId"/> of the thread that owns the slab here, if it still has it. Readers: any thread.</summary>
    [FieldOffset(56)]
    public ulong SlabOwner;
}
