using System.Runtime.CompilerServices;
using FolioRuntime.Folios;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <content>
/// Hits. None of them takes a latch or waits.
/// <code>
///   small:  word of the index ─► optimistic read into registers or private memory ─► validated? ─► copied out
///   large:  word of the index ─► reference by handle ─► word again, the same? ─► copied out ─► put
/// </code>
/// C3: once a page is off the index its references only fall, since a reference got for it meanwhile is put again.   [cache-… scenarios]
/// </content>
public sealed partial class PageMapping
{
    /// <summary>
    /// Reads so long are copied twice, without a reference, and up to 64 bytes once, through registers; longer ones once, under a reference. Copying costs about 1 ns for 32 bytes, a reference 11 ns uncontended and much
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
        // Most reads are so: few bytes of one page, all of them before the end, which is below zero when it is closed.
        var within = (int)offsetBytes & (PageBytes - 1);
        if (offsetBytes >= 0 && ShortContent.Fits(destination.Length) && within <= PageBytes - destination.Length && offsetBytes <= Atomics.LoadAcquire(ref _length) - destination.Length)
        {
            NoteReading(offsetBytes >> PageShift);
            if (TryReadOptimistically(offsetBytes >> PageShift, within, destination))
                return destination.Length;
        }

        return ReadAny(offsetBytes, destination);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ReadAny(long offsetBytes, Span<byte> destination)
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
            var rest = destination[done..wanted];
            NoteReading(position >> PageShift);
            var read = ReadCached(position >> PageShift, within, rest);
            if (read == 0)
            {
                var part = rest[..Math.Min(PageBytes - within, rest.Length)];
                if (!ReadMissing(position >> PageShift, within, part))
                    break;
                read = part.Length;
            }

            done += read;
        }

        return done;
    }

    /// <summary>
    /// The folio of the page with this index, if it is in the cache, with a reference: its content, of which what lies beyond the end is zero, and which is for reading only. While the reference is held
    /// the page stays in the cache, unless it is truncated or invalidated: then the folio stays, out of the cache. Where <see cref="PageCacheOptions.LargestFolioOrder"/> allows folios of several pages the page begins at
    /// <see cref="OffsetInFolio"/>; the folio's other pages are those of the file beside it, but may have been dropped since: of them the caller knows nothing. Linux: <c>filemap_get_entry</c>.
    /// </summary>
    /// <param name="index">Which page of 4 KiB, from 0.</param>
    /// <param name="folio">The reference, to be disposed; the default on failure.</param>
    /// <returns>False: it isn't there, or somebody is about to take it out.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetFolio(long index, out FolioReference folio)
    {
        ref readonly var word = ref _index.Locate(index);
        var handle = Unsafe.IsNullRef(in word) ? default : FolioHandle.FromBits(Atomics.LoadAcquire(in word));
        if (handle.IsValid && _folios.TryGet(handle, out folio))
        {
            // C3: whoever took the page off the index meanwhile may count on it that nobody comes any more.
            if (Atomics.LoadAcquire(in word) == handle.Bits)
            {
                _hits?.Note(handle.Frame);
                return true;
            }

            folio.Dispose();
        }

        folio = default;
        return false;
    }

    /// <summary>Where in a folio the page begins by whose index it was got, in bytes. A folio begins at a multiple of its size in the file. Linux: <c>offset_in_folio</c>, <c>folio_file_page</c>.</summary>
    /// <param name="folio">What <see cref="TryGetFolio"/> or <see cref="GetFolio"/> gave.</param>
    /// <param name="index">The index that they were given.</param>
    /// <exception cref="InvalidOperationException">The reference refers to nothing.</exception>
    public static int OffsetInFolio(FolioReference folio, long index) => ((int)index & (folio.Order.FrameCount - 1)) << PageShift;

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

    /// <summary>Copies from a page that is in the cache, and from those behind it that are in the same folio.</summary>
    /// <returns>How many bytes; 0: the page isn't there.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int ReadCached(long index, int within, Span<byte> destination)
    {
        var inPage = Math.Min(destination.Length, PageBytes - within);
        if (inPage > LongestOptimisticBytes)
            return ReadHeld(index, within, destination);
        return TryReadOptimistically(index, within, destination[..inPage]) ? inPage : 0;
    }

    /// <summary>Copies from one page that is in the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryReadCached(long index, int within, Span<byte> destination) => ReadCached(index, within, destination) == destination.Length;

    /// <summary>C5: what is copied out is one content of this page, of one moment during the read; validated by the folio's generation and content sequence.   [cache-… scenarios]</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadOptimistically(long index, int within, Span<byte> destination)
    {
        var handle = _index.Find(index);
        if (!handle.IsValid)
            return false;
        if (!ShortContent.Fits(destination.Length))
            return TryReadByCopy(handle, index, within, destination);
        if (!_folios.TryReadPage(handle, index, within, destination.Length, out var content))
            return false;
        content.Store(destination);
        _hits?.Note(handle.Frame);
        return true;
    }

    /// <summary>As <see cref="TryReadOptimistically"/>, of what doesn't fit into registers.</summary>
    [SkipLocalsInit]
    private bool TryReadByCopy(FolioHandle handle, long index, int within, Span<byte> destination)
    {
        Span<byte> room = stackalloc byte[LongestOptimisticBytes];
        var copy = room[..destination.Length];
        if (!_folios.TryReadPage(handle, index, within, copy))
            return false;
        copy.CopyTo(destination);
        _hits?.Note(handle.Frame);
        return true;
    }

    private int ReadHeld(long index, int within, Span<byte> destination)
    {
        if (!TryGetFolio(index, out var folio))
            return 0;
        var bytes = folio.Bytes[(OffsetInFolio(folio, index) + within)..];
        var lengthBytes = destination.Length <= PageBytes - within ? destination.Length : LengthThere(folio.Handle, index, within, Math.Min(bytes.Length, destination.Length));
        bytes[..lengthBytes].CopyTo(destination);
        folio.Dispose();
        return lengthBytes;
    }

    /// <summary>How much of a range of a folio that the caller holds is in pages that are in the index now. C3: that of each page is looked at after the reference was taken, as for a single one.   [cache-large-…]</summary>
    private int LengthThere(FolioHandle handle, long index, int within, int lengthBytes)
    {
        var there = PageBytes - within;
        while (there < lengthBytes && _index.Find(++index) == handle)
        {
            NoteReading(index);
            there += PageBytes;
        }

        return Math.Min(there, lengthBytes);
    }

    private int AtEnd(long length)
    {
        ObjectDisposedException.ThrowIf(length < 0, this);
        return 0;
    }
}
