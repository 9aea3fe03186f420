using System.Runtime.CompilerServices;
using FolioRuntime.Folios;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <content>
/// Hits. None of them takes a latch or waits.
/// <code>
///   small:  word of the index ─► optimistic read into private memory ─► validated? ─► copied out
///   large:  word of the index ─► reference by handle ─► word again, the same? ─► copied out ─► put
/// </code>
/// C3: once a page is off the index its references only fall, since a reference got for it meanwhile is put again.   [cache-… scenarios]
/// </content>
public sealed partial class PageMapping
{
    /// <summary>
    /// Reads so long are copied twice, without a reference; longer ones once, under a reference. Copying costs about 1 ns for 32 bytes, a reference 11 ns uncontended and much
    /// more where several processors read the same page: docs/PAGE_CACHE.md has the figures.
    /// </summary>
    internal const int LongestOptimisticBytes = 512;

    /// <summary>Copies bytes out, through the cache.</summary>
    /// <param name="offsetBytes">Where to begin.</param>
    /// <param name="destination">Where to. Untouched beyond what is returned, except after an exception.</param>
    /// <returns>How many bytes; fewer than there is room for only at the end, 0 from there on.</returns>
    /// <exception cref="IOException">The store can't read a page that isn't there; nor could it for the others who asked at the same time. Nothing of it stays.</exception>
    /// <exception cref="OutOfMemoryException">There is no memory for a page. The cache is as before.</exception>
    /// <exception cref="ObjectDisposedException">The mapping is disposed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The offset is below zero.</exception>
    public int Read(long offsetBytes, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        var length = Atomics.LoadAcquire(ref _length);
        if (offsetBytes >= length)
            return AtEnd(length);
        var wanted = (int)Math.Min(destination.Length, length - offsetBytes);
        var done = 0;
        while (done < wanted)
        {
            var position = offsetBytes + done;
            var within = (int)position & (PageBytes - 1);
            var part = destination.Slice(done, Math.Min(PageBytes - within, wanted - done));
            NoteReading(position >> PageShift);
            if (!TryReadCached(position >> PageShift, within, part) && !ReadMissing(position >> PageShift, within, part))
                break;
            done += part.Length;
        }

        return done;
    }

    /// <summary>
    /// The page with this index, if it is in the cache, with a reference: its content, of which what lies beyond the end is zero, and which is for reading only. While the reference is held
    /// the page stays in the cache, unless it is truncated or invalidated: then the folio stays, out of the cache. Linux: <c>filemap_get_entry</c>.
    /// </summary>
    /// <param name="index">Which page of 4 KiB, from 0.</param>
    /// <param name="folio">The reference, to be disposed; the default on failure.</param>
    /// <returns>False: it isn't there, or somebody is about to take it out.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetFolio(long index, out FolioReference folio)
    {
        var handle = _index.Find(index);
        if (handle.IsValid && _folios.TryGet(handle, out folio))
        {
            // C3: whoever took the page off the index meanwhile may count on it that nobody comes any more.
            if (_index.Find(index) == handle)
            {
                _hits?.Note(handle.Frame);
                return true;
            }

            folio.Dispose();
        }

        folio = default;
        return false;
    }

    /// <summary>As <see cref="TryGetFolio"/>, and reads the page from the store if it isn't there.</summary>
    /// <param name="index">Which page of 4 KiB, from 0; it begins before the end.</param>
    /// <returns>The reference, to be disposed. Where all pages of the cache are held it is on a page beside the cache.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such page.</exception>
    /// <inheritdoc cref="Read" path="/exception"/>
    public FolioReference GetFolio(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        NoteReading(index);
        if (TryGetFolio(index, out var folio) || TryGetMissing(index, out folio))
            return folio;
        throw new ArgumentOutOfRangeException(nameof(index), index, $"There is no such page in {LengthBytes} bytes.");
    }

    /// <summary>Copies from a page that is in the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryReadCached(long index, int within, Span<byte> destination) =>
        destination.Length <= LongestOptimisticBytes ? TryReadOptimistically(index, within, destination) : TryReadHeld(index, within, destination);

    /// <summary>C5: what is copied out is one content of this page, of one moment during the read; validated by the folio's generation and content sequence.   [cache-… scenarios]</summary>
    [SkipLocalsInit]
    private bool TryReadOptimistically(long index, int within, Span<byte> destination)
    {
        var handle = _index.Find(index);
        if (!handle.IsValid)
            return false;
        Span<byte> room = stackalloc byte[LongestOptimisticBytes];
        var copy = room[..destination.Length];
        if (!_folios.TryReadFrame(handle, within, copy))
            return false;
        copy.CopyTo(destination);
        _hits?.Note(handle.Frame);
        return true;
    }

    private bool TryReadHeld(long index, int within, Span<byte> destination)
    {
        if (!TryGetFolio(index, out var folio))
            return false;
        folio.Bytes.Slice(within, destination.Length).CopyTo(destination);
        folio.Dispose();
        return true;
    }

    private int AtEnd(long length)
    {
        ObjectDisposedException.ThrowIf(length < 0, this);
        return 0;
    }
}
