using System.Numerics;

namespace FolioRuntime.PageCaching;

/// <summary>
/// Decides what a mapping reads ahead, from the pages that are missed and from the markers that are reached. Pure: it knows of nothing but indices. Under the mapping's latch. Linux: <c>ondemand_readahead</c>.
/// <code>
///   missed: 0                        window 1 … 3, marker 2
///   marker 2 reached                 window 4 … 11, marker 4: the next one is begun as soon as somebody reads its first page
///   missed: the page after a window  the reader was faster: the next window begins with it
///   missed: a page of a window       it was gone before it was read: windows of this stream get half as long
///   missed: i, then i + d, i + 2d    a stride: pages d apart
/// </code>
/// Each window is twice as long as the one before, up to a limit. Where folios may have several pages windows end at a multiple of their own size, or of the largest folio's, so that the next one has room for whole ones; they may be
/// shorter for that.
/// </summary>
internal sealed class ReadaheadPlanner(int mostPages, int largestOrder = 0)
{
    /// <summary>A window is never shortened below this, unless the limit is.</summary>
    public const int FewestPages = 4;

    private const int MostStreams = 8;
    private const long LongestStride = 256;

    private readonly ReadaheadStream[] _streams = new ReadaheadStream[MostStreams];
    private long _clock;

    /// <summary>Somebody reads a page from the store that isn't there.</summary>
    /// <returns>What to read besides.</returns>
    public ReadaheadWindow Missed(long index, PageAdvice advice)
    {
        if (advice == PageAdvice.Random)
            return default;
        _clock++;
        ref var stream = ref Find(index);
        stream.Used = _clock;
        var distance = index - stream.Missed;
        stream.Missed = index;
        if (stream.Has(index))
        {
            stream.Limit = Math.Max(stream.Count / 2, Math.Min(FewestPages, mostPages));
            return Begin(ref stream, index, stream.Limit);
        }

        if (stream.Count > 0)
            return Begin(ref stream, index, Math.Min(2 * stream.Count, stream.Limit));
        if (advice == PageAdvice.Sequential || index == 0 || distance == 1)
        {
            stream.Stride = 1;
            return Begin(ref stream, index, advice == PageAdvice.Sequential ? mostPages : Math.Min(FewestPages, mostPages));
        }

        // Twice the same distance is a stride.
        var isStride = distance != 0 && distance == stream.Stride;
        stream.Stride = distance;
        return isStride ? Begin(ref stream, index, Math.Min(FewestPages, mostPages)) : default;
    }

    /// <summary>Somebody reads a page that was marked.</summary>
    /// <returns>The window after the one that is being read.</returns>
    public ReadaheadWindow Reached(long marker)
    {
        foreach (ref var stream in _streams.AsSpan())
        {
            if (!stream.Has(marker))
                continue;
            stream.Used = ++_clock;
            stream.Start = stream.End;
            stream.Count = Align(stream.Start, Math.Min(2 * stream.Count, stream.Limit), stream.Stride);
            return new ReadaheadWindow(stream.Start, stream.Count, stream.Stride, stream.Start);
        }

        return default;
    }

    /// <summary>The window begins with the page that is being read: the others are to be read ahead.</summary>
    private ReadaheadWindow Begin(ref ReadaheadStream stream, long index, int count)
    {
        count = Align(index, count, stream.Stride);
        stream.Start = index;
        stream.Count = count;
        return new ReadaheadWindow(index + stream.Stride, count - 1, stream.Stride, count < 2 ? -1 : index + (count / 2 * stream.Stride));
    }

    /// <summary>How many pages a window has that ends where folios do, if it is long enough for that. Linux: <c>page_cache_ra_order</c>, <c>aligned_end</c>.</summary>
    private int Align(long start, int count, long stride)
    {
        var multiple = 1 << Math.Min(largestOrder, BitOperations.Log2((uint)Math.Max(1, count)));
        var end = (start + count) & -multiple;
        return stride == 1 && end > start ? (int)(end - start) : count;
    }

    /// <summary>The stream that a miss belongs to; if there is none a new one in the place of the oldest.</summary>
    private ref ReadaheadStream Find(long index)
    {
        var (nearest, oldest) = (-1, 0);
        for (var i = 0; i < _streams.Length; i++)
        {
            ref var stream = ref _streams[i];
            if (stream.Used < _streams[oldest].Used)
                oldest = i;
            if (stream.Used == 0)
                continue;
            if (stream.Count > 0 && (index == stream.End || stream.Has(index)))
                return ref stream;
            if (stream.Count == 0 && index != stream.Missed && Math.Abs(index - stream.Missed) <= LongestStride
                && (nearest < 0 || Math.Abs(index - stream.Missed) < Math.Abs(index - _streams[nearest].Missed)))
                nearest = i;
        }

        if (nearest >= 0)
            return ref _streams[nearest];
        _streams[oldest] = new ReadaheadStream { Missed = index, Limit = mostPages };
        return ref _streams[oldest];
    }
}
