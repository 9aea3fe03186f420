extern alias instrumented;

using System.Runtime.InteropServices;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;

namespace FolioRuntime.Race.Hazards;

/// <summary>
/// Where the threads of a <see cref="PageScene"/> meet: the pages, and the handles that they leave for each other. A page's content is the same
/// word over and over, its page's handle with a count on top, so that content of two moments or of two pages shows.
/// </summary>
internal sealed class PageFloor(IPages pages, Referee referee, int threads)
{
    /// <summary>As much as is looked at.</summary>
    public const int LookBytes = 1024;

    private const int CountShift = 56;

    private readonly ulong[] _posted = new ulong[threads];

    // The page of a thread that keeps one for a round.
    private readonly ulong[] _kept = new ulong[threads];

    // A page that is kept with very many references.
    private ulong _crowded;
    private uint _crowd;
    private int _held;

    public IPages Pages => pages;

    /// <summary>Rents a page, fills it, and leaves its handle for the others.</summary>
    public bool TryRent(Hand hand, out ulong handle)
    {
        hand.Operations++;
        if (!pages.TryRent(out handle))
            return false;
        Fill(handle, 0);
        Volatile.Write(ref _posted[hand.Index], handle);
        return true;
    }

    public void Return(Hand hand, ulong handle)
    {
        hand.Operations++;
        referee.Require(pages.TryReturn(handle), "an owner's return was refused");
    }

    /// <summary>The page that the thread keeps for the round.</summary>
    public bool TryKeep(Hand hand, out ulong handle)
    {
        handle = _kept[hand.Index];
        return handle != 0 || (TryRent(hand, out handle) && (_kept[hand.Index] = handle) != 0);
    }

    /// <summary>Takes a reference on a page that somebody posted and looks at it twice.</summary>
    public void Visit(Hand hand)
    {
        var handle = Volatile.Read(ref _posted[hand.Below(threads)]);
        if (handle == 0)
            return;
        hand.Operations++;
        if (!pages.TryGet(handle))
            return;
        var found = Look(pages.Bytes(handle), handle);
        Atomics.ReadBarrier();
        referee.Require(Look(pages.Bytes(handle), handle) == found, "content changed under a reference");
        pages.Put(handle);
    }

    /// <summary>Reads a page that somebody posted without holding it.</summary>
    public void Read(Hand hand)
    {
        var handle = Volatile.Read(ref _posted[hand.Below(threads)]);
        if (handle == 0)
            return;
        hand.Operations++;
        Span<byte> copy = stackalloc byte[LookBytes];
        if (pages.TryRead(handle, copy))
            Look(copy, handle);
    }

    /// <summary>Changes the whole content, with a point in the middle where a pause may fall.</summary>
    public void Fill(ulong handle, int count)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(pages.Bytes(handle)[..LookBytes]);
        var stamp = Stamp(handle) | ((ulong)(byte)count << CountShift);
        words[..(words.Length / 2)].Fill(stamp);
        Atomics.WriteBarrier();
        words[(words.Length / 2)..].Fill(stamp);
    }

    /// <summary>Takes a reference on the page that has nearly as many as it may have, and keeps it for a moment.</summary>
    public void Crowd(Hand hand, int room)
    {
        var handle = Volatile.Read(ref _crowded);
        if (handle == 0)
            return;
        hand.Operations++;
        if (!pages.TryGet(handle))
            return;
        referee.Require(Interlocked.Increment(ref _held) <= room, "more references are out than the limit");
        Atomics.ReadBarrier();
        Interlocked.Decrement(ref _held);
        pages.Put(handle);
    }

    /// <summary>Keeps a page for the round with so many references on it, and only then leaves its handle for the others.</summary>
    public void KeepCrowded(Hand hand, uint references)
    {
        if (_kept[hand.Index] != 0 || !pages.TryRent(out var handle))
            return;
        pages.Hold(handle, references);
        _crowd = references;
        _kept[hand.Index] = handle;
        Volatile.Write(ref _crowded, handle);
    }

    /// <summary>Everybody stands still: kept pages go back.</summary>
    public void Clear()
    {
        if (_crowded != 0)
            pages.Drop(_crowded, _crowd);
        _crowded = 0;
        foreach (var handle in _kept.Where(handle => handle != 0))
            referee.Require(pages.TryReturn(handle), "an owner's return was refused");
        Array.Clear(_kept);
        Array.Clear(_posted);
        _held = 0;
    }

    private ulong Look(ReadOnlySpan<byte> bytes, ulong handle)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes[..LookBytes]);
        var first = words[0];
        referee.Require(!words.ContainsAnyExcept(first), "content of two moments");
        referee.Require((first & ~(0xFFul << CountShift)) == Stamp(handle), "content of another page");
        return first;
    }

    private static ulong Stamp(ulong handle) => handle & ~(0xFFul << CountShift);
}
