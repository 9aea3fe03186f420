using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <content>
/// Pages that are read before anybody asks for them, in the background.
/// <code>
///   a miss, or the marked page reached ─► latch: window of the planner ─► its missing pages are listed as fills
///   later, on another thread            ─► latch: those that nobody has taken over ─► rooms ─► one read of the store for each run of pages ─► each ended as every fill is
/// </code>
/// They are fills like all others (C4). Who needs one that isn't begun yet takes it over, so nobody waits for a thread; who needs one that is waits for it. What goes wrong is nobody's error: then whoever
/// waits looks again, and reads the page himself.   [cache-ahead-… scenarios]
/// </content>
public sealed partial class PageMapping
{
    private const long NoMarker = -1;

    private readonly ReadaheadPlanner? _planner;

    // The page at which the next window is begun. Writers: under the latch. Readers: whoever reads a page, and looks again under the latch. Several readers of one file share it: who finds none of his own begins
    // his next window by a miss.
    private long _marker = NoMarker;

    private uint _advice;

    /// <summary>How it is going to be read, as far as the caller knows. Default: nobody does. Says only what is read ahead.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such advice.</exception>
    public PageAdvice Advice
    {
        get => (PageAdvice)Atomics.LoadAcquire(ref _advice);
        set
        {
            if (!Enum.IsDefined(value))
                throw new ArgumentOutOfRangeException(nameof(value), value, "There is no such advice.");
            Atomics.StoreRelease(ref _advice, (uint)value);
        }
    }

    /// <summary>Lists those pages of a window as fills that aren't there, are no fills yet and lie before the end, as far as the cache lets so many be under way, or all of them.</summary>
    internal List<PageFill> ListAhead(ReadaheadWindow window, bool evenIfMany = false)
    {
        using (_latch.Hold())
            return ListAheadUnsynchronized(window, evenIfMany);
    }

    /// <summary>Reads what <see cref="ListAhead"/> gave, as far as nobody has taken it over. Throws nothing.</summary>
    internal async Task ReadAheadAsync(List<PageFill> fills)
    {
        BeginAhead(fills);

        // In the order of the file; a stride below zero goes backwards.
        fills.Sort(static (left, right) => left.Index.CompareTo(right.Index));
        for (var first = 0; first < fills.Count;)
        {
            var count = 1;
            while (first + count < fills.Count && fills[first + count].Index == fills[first].Index + count)
                count++;
            await ReadRunAsync(fills, first, count).ConfigureAwait(false);
            first += count;
        }
    }

    /// <summary>A page is read that may be the marked one.</summary>
    private void NoteReading(long index)
    {
        if (index == Atomics.LoadAcquire(ref _marker))
            ReachMarker(index);
    }

    // Not in line: its latch would keep what a hit needs out of registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReachMarker(long index)
    {
        List<PageFill> ahead;
        using (_latch.Hold())
        {
            if (_marker != index)
                return;
            Atomics.StoreRelease(ref _marker, NoMarker);
            ahead = ListAheadUnsynchronized(Advice == PageAdvice.Random ? default : _planner!.Reached(index));
        }

        StartAhead(ahead);
    }

    private List<PageFill> ListAheadUnsynchronized(ReadaheadWindow window, bool evenIfMany = false)
    {
        if (window.Count == 0)
            return [];
        var fills = new List<PageFill>(window.Count);
        Atomics.StoreRelease(ref _marker, window.Marker);

        // Of a closed mapping the length is below zero.
        var end = (_length + PageBytes - 1) >> PageShift;
        for (var (i, index) = (0, window.First); i < window.Count && index >= 0 && index < end; i++, index += window.Stride)
        {
            var handle = _index.Find(index);
            if (_fills.Find(handle) is not null || (handle.IsValid && _folios.IsAlive(handle)))
                continue;
            if (!_cache.TryBeginAhead(evenIfMany))
                break;
            _index.ReserveUnsynchronized(index);
            var fill = _fills.Add(index);
            fill.IsAhead = true;
            _index.SetUnsynchronized(index, fill.Mark);
            fills.Add(fill);
        }

        return fills;
    }

    private void StartAhead(List<PageFill> fills)
    {
        if (fills.Count > 0)
            _ = Task.Run(() => ReadAheadAsync(fills));
    }

    /// <summary>From here on nobody takes these over; those that somebody has are his.</summary>
    private void BeginAhead(List<PageFill> fills)
    {
        int takenOver;
        using (_latch.Hold())
        {
            takenOver = fills.RemoveAll(static fill => !fill.IsAhead);
            fills.ForEach(static fill => fill.IsAhead = false);
        }

        _cache.EndAhead(takenOver, read: 0);
    }

    /// <summary>Reads pages that follow each other, by one call of the store.</summary>
    private async Task ReadRunAsync(List<PageFill> fills, int first, int count)
    {
        List<PageRoom> rooms = [];
        var taken = 0;
        var done = 0;
        var ended = 0;
        try
        {
            rooms.EnsureCapacity(count);
            while (taken < count && TakeRoomAhead(fills[first + taken].Index, count - taken) is { } room)
            {
                rooms.Add(room);
                taken += room.Pages;
            }

            var memories = rooms.Select(room => room.Memory).ToArray();
            var read = taken == 0 ? 0 : await _store.ReadAsync(memories, fills[first].Index << PageShift, CancellationToken.None).ConfigureAwait(false);
            for (; done < rooms.Count; done++)
            {
                var bytes = rooms[done].GetSpan();
                bytes[Math.Clamp(read - (ended * PageBytes), 0, bytes.Length)..].Clear();
                Finish(CollectionsMarshal.AsSpan(fills).Slice(first + ended, rooms[done].Pages), rooms[done]);
                ended += rooms[done].Pages;
            }
        }
#pragma warning disable CA1031 // Nobody has asked for these pages. Whoever does reads them himself, and gets the error if there still is one.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        _cache.EndAhead(count, read: ended);
        for (; done < rooms.Count; done++)
        {
            Withdraw(rooms[done].Page, rooms[done].Reference);
            GiveBack(rooms[done].Page, rooms[done].Reference);
        }

        for (; ended < count; ended++)
            Abandon(fills[first + ended]);
    }

    /// <summary>
    /// Room in the cache for the page with an index, and for those behind it as far as a folio of the largest size goes that begins here and is to be had. Nothing: all pages are held; what is read ahead isn't read beside
    /// the cache. Linux: <c>page_cache_ra_order</c>.
    /// </summary>
    private PageRoom? TakeRoomAhead(long index, int count)
    {
        var room = new PageRoom(_folios);
        for (var order = Math.Min(_cache.LargestOrder, Math.Min(BitOperations.Log2((uint)count), BitOperations.TrailingZeroCount(index))); order > 0; order--)
        {
            if (room.TryTake(_cache, this, index, new PageOrder(order)))
                return room;
        }

        room.Take(_cache, this, index);
        if (room.Page != PageCache.NoPage)
            return room;
        GiveBack(PageCache.NoPage, room.Reference);
        return null;
    }

    /// <summary>Ends a fill that was in vain, and has those who wait look again.</summary>
    private void Abandon(PageFill fill)
    {
        bool isLast;
        using (_latch.Hold())
        {
            Unlist(fill);
            isLast = _closed && _fills.Count == 0;
        }

        fill.End(failure: null);
        if (isLast)
            EndAfterFill();
    }
}
