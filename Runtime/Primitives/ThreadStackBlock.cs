using System.Runtime.InteropServices;

namespace FolioRuntime.Primitives;

/// <summary>
/// A <see cref="ThreadStack"/> in unmanaged memory, where one load finds it and the collector doesn't move it. Its items and its outbox follow it.
/// <code>
///    0  Latch     active, revoked                   128  items  [ i0 i1 … i(Count-1) | free … Capacity )   32 bits each
///    8  Tally                                                   … unused, up to Room ]
///   16  OwnerId                                          outbox [ m0 m1 … m(Sent-1)  | free … )            64 bits each
///   24  Capacity, Sent
///   32  OutboxCapacity, Room
///   40  MovedIn, MovedOut
///   56  Balance
///   64  Turns
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = AlignmentBytes)]
internal unsafe struct ThreadStackBlock
{
    // Neighbouring lines are fetched in pairs: a block shares none with another thread's.
    private const int AlignmentBytes = 2 * CacheLine.Bytes;

    public BiasedLatch Latch;

    // A StackTally: pops[16..63] | count[0..15]. Written by the owner inside its section, or by the revoker inside its own, as are OwnerId, Sent and what was moved.
    public ulong Tally;

    public ulong OwnerId;

    // Items that fit, at most Room. Written by the owner inside its section.
    public int Capacity;

    public int Sent;

    public int OutboxCapacity;

    // Items for which there is memory.
    public int Room;

    // Items that ever came and went otherwise than by pushes and pops: refilled; flushed, or emptied out.
    public long MovedIn;

    public long MovedOut;

    // As Tally.
    public long Balance;

    // How often the owner flushed after it had refilled, or the other way round, in the upper bits; the lowest says which it did last. Written by the owner inside its section.
    public uint Turns;

    // As it was when the stack last grew.
    public uint TurnsBefore;

    /// <summary>Whether the calling thread gets no memory for a block. For tests.</summary>
    [ThreadStatic]
    internal static bool IsRefused;

    /// <summary>An empty one, which <see cref="Free"/> gives back.</summary>
    /// <exception cref="OutOfMemoryException">The system has no memory left.</exception>
    public static ThreadStackBlock* Allocate(int capacity, int room, int outboxCapacity)
    {
        if (IsRefused)
            throw new InsufficientMemoryException();
        Invariant.Require(room <= StackTally.MostItems, "all that fits can be counted");

        // SAFETY: as long as header, items and outbox; nobody else knows it yet.
        var block = (ThreadStackBlock*)NativeMemory.AlignedAlloc((nuint)(sizeof(ThreadStackBlock) + ItemsBytes(room) + (outboxCapacity * (long)sizeof(ulong))), AlignmentBytes);
        *block = new ThreadStackBlock { Capacity = capacity, Room = room, OutboxCapacity = outboxCapacity };
        return block;
    }

    // SAFETY, here and below: a block lives as long as its set, or until its thread has ended, and whoever uses it holds one of them.
    public static uint* Items(ThreadStackBlock* block) => (uint*)(block + 1);

    public static ulong* Outbox(ThreadStackBlock* block) => (ulong*)((byte*)(block + 1) + ItemsBytes(block->Room));

    public static void Free(ThreadStackBlock* block) => NativeMemory.AlignedFree(block);

    // The outbox begins at a multiple of its messages' size.
    private static long ItemsBytes(int room) => ((room * (long)sizeof(uint)) + sizeof(ulong) - 1) & -sizeof(ulong);
}
