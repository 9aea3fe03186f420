using FolioRuntime.Folios;
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

    /// <summary>Lists those pages of a window as fills that aren't there, are no fills yet and lie before the end, as far as the cache lets so many be under way.</summary>
    internal List<PageFill> ListAhead(ReadaheadWindow window)
    {
        using (_latch.Hold())
            return ListAheadUnsynchronized(window);
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

    private List<PageFill> ListAheadUnsynchronized(ReadaheadWindow window)
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
            if (!_cache.TryBeginAhead())
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
        PageRoom[] rooms = [];
        var taken = 0;
        var ended = 0;
        try
        {
            rooms = [.. Enumerable.Range(0, count).Select(_ => new PageRoom(_folios))];
            while (taken < count && TryTakeRoom(rooms[taken], fills[first + taken]))
                taken++;
            var memories = rooms.Take(taken).Select(room => room.Memory).ToArray();
            var read = taken == 0 ? 0 : await _store.ReadAsync(memories, fills[first].Index << PageShift, CancellationToken.None).ConfigureAwait(false);
            for (; ended < taken; ended++)
            {
                rooms[ended].GetSpan()[Math.Clamp(read - (ended * PageBytes), 0, PageBytes)..].Clear();
                Finish(fills[first + ended], rooms[ended]);
            }
        }
#pragma warning disable CA1031 // Nobody has asked for these pages. Whoever does reads them himself, and gets the error if there still is one.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        _cache.EndAhead(count, read: ended);
        for (; ended < count; ended++)
        {
            if (ended < taken)
                Abandon(fills[first + ended], rooms[ended].Page, rooms[ended].Reference);
            else
                Abandon(fills[first + ended], PageCache.NoPage, default);
        }
    }

    /// <summary>Room in the cache. False: all pages are held; what is read ahead isn't read beside it.</summary>
    private bool TryTakeRoom(PageRoom room, PageFill fill)
    {
        room.Take(_cache, this, fill.Index);
        if (room.Page != PageCache.NoPage)
            return true;
        GiveBack(PageCache.NoPage, room.Reference);
        return false;
    }

    /// <summary>Ends a fill that was in vain, and has those who wait look again.</summary>
    private void Abandon(PageFill fill, int page, FolioReference folio)
    {
        bool isLast;
        using (_latch.Hold())
        {
            Unlist(fill);
            isLast = _closed && _fills.Count == 0;
        }

        GiveBack(page, folio);
        fill.End(failure: null);
        if (isLast)
            End();
    }
}
