using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FolioRuntime.Folios;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <summary>
/// Which folio holds which page of one mapping: a word for each page, in chunks, by the page's index. Look-ups take no lock.
/// <code>
///   list of chunks ─► chunk of 1024 words ─► word: handle of the folio, its frame and generation; 0: none; no generation: a mark, which look-ups take for none
/// </code>
/// Readers: any thread. Writers: whoever holds the mapping's latch; and whoever has frozen a page and takes it off (<see cref="Remove"/>), without it. A handle is put in once only, so the latter takes off
/// that page or nothing. Order: the release in <see cref="SetUnsynchronized"/> pairs with the acquire of the word in <see cref="Find"/>, or where it was located, so who finds
/// a page finds its content (C1).   [PageIndexTests]
/// Under the latch a page also has tags, a bit of each: so whoever looks for dirty pages finds them in the file's order, and setting one allocates nothing.
/// A chunk, once there, stays for the mapping's life, so an old list still leads to the present words; it only lacks chunks that came later, and what isn't found without
/// the latch is looked for again under it. Linux: <c>struct xarray</c>.
/// </summary>
internal sealed class PageIndex
{
    /// <summary>Pages from this one on can't be cached: at 64 TiB.</summary>
    public const long IndexLimit = 1L << 34;

    private const int ChunkShift = 10;
    private const int ChunkLength = 1 << ChunkShift;
    private const int BitsPerWord = 64;
    private const int TagWords = ChunkLength / BitsPerWord;

    // Replaced as a whole.
    private Chunk[] _chunks = [];

    /// <summary>The folio of a page, as far as the caller can see; the default: none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FolioHandle Find(long index)
    {
        ref readonly var word = ref Locate(index);
        return Unsafe.IsNullRef(in word) ? default : FolioHandle.FromBits(Atomics.LoadAcquire(in word));
    }

    /// <summary>The word of a page, which stays the same one for the mapping's life; a null reference: there is none yet, as far as the caller can see. Linux: what <c>xas_load</c> leaves in the <c>xa_state</c> for <c>xas_reload</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly ulong Locate(long index)
    {
        var chunks = Atomics.LoadAcquire(ref _chunks);
        var chunk = (ulong)index >> ChunkShift;
        if (chunk >= (ulong)chunks.Length)
            return ref Unsafe.NullRef<ulong>();

        // Within the arrays: the chunk was just compared, and each has room for every rest of the division.
        var words = Atomics.LoadAcquire(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(chunks), (nint)chunk).Words);
        if (words is null)
            return ref Unsafe.NullRef<ulong>();
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(words), (nint)index & (ChunkLength - 1));
    }

    /// <summary>Makes room for a page's word, so that <see cref="SetUnsynchronized"/> can't fail.</summary>
    /// <exception cref="OutOfMemoryException">There is none. Nothing has changed.</exception>
    public void ReserveUnsynchronized(long index)
    {
        var chunk = index >> ChunkShift;
        var chunks = _chunks;
        if (chunk >= chunks.Length)
        {
            Array.Resize(ref chunks, checked((int)Math.Max(chunk + 1, Math.Min(2L * chunks.Length, IndexLimit >> ChunkShift))));
            Atomics.StoreRelease(ref _chunks, chunks);
        }

        if (chunks[chunk].Words is null)
        {
            chunks[chunk].Tags ??= new ulong[2 * TagWords];
            Atomics.StoreRelease(ref chunks[chunk].Words, new ulong[ChunkLength]);
        }
    }

    /// <summary>Lets look-ups find a page, whose content is complete, or none by the default or by a mark. Room for it has been made.</summary>
    public void SetUnsynchronized(long index, FolioHandle handle) =>
        Atomics.StoreRelease(ref _chunks[index >> ChunkShift].Words![index & (ChunkLength - 1)], handle.Bits);

    /// <summary>Takes a page off, if it is still there. Without the latch: what whoever holds it does to the word meanwhile either comes first, and then this does nothing, or takes its place.</summary>
    public void Remove(long index, FolioHandle handle) =>
        Atomics.CompareExchange(ref Atomics.LoadAcquire(ref _chunks)[index >> ChunkShift].Words![index & (ChunkLength - 1)], 0, handle.Bits);

    /// <summary>The next page that is there, from an index on and before another.</summary>
    /// <returns>Its index; −1: there is none.</returns>
    [Glance("A page may be taken off meanwhile without the latch; who finds it all the same asks the table.")]
    public long NextUnsynchronized(long from, long end)
    {
        // Ends: goes up to the end, or to the last chunk's.
        var index = from;
        end = Math.Min(end, (long)_chunks.Length << ChunkShift);
        while (index < end)
        {
            if (_chunks[index >> ChunkShift].Words is not { } words)
                index = ((index >> ChunkShift) + 1) << ChunkShift;
            else if (words[index & (ChunkLength - 1)] != 0)
                return index;
            else
                index++;
        }

        return -1;
    }

    /// <summary>Whether a page has a tag.</summary>
    public bool HasTagUnsynchronized(long index, PageTag tag) =>
        index >> ChunkShift < _chunks.Length && _chunks[index >> ChunkShift].Tags is { } tags && (tags[WordOf(index, tag)] >> (int)(index % BitsPerWord) & 1) != 0;

    /// <summary>Gives a page, for which room was made, a tag or takes it.</summary>
    public void SetTagUnsynchronized(long index, PageTag tag, bool isSet)
    {
        ref var word = ref _chunks[index >> ChunkShift].Tags![WordOf(index, tag)];
        var bit = 1ul << (int)(index % BitsPerWord);
        word = isSet ? word | bit : word & ~bit;
    }

    /// <summary>The next page that has a tag, from an index on and before another.</summary>
    /// <returns>Its index; −1: there is none.</returns>
    public long NextTaggedUnsynchronized(long from, long end, PageTag tag)
    {
        // Ends: as NextUnsynchronized.
        var index = from;
        end = Math.Min(end, (long)_chunks.Length << ChunkShift);
        while (index < end)
        {
            if (_chunks[index >> ChunkShift].Tags is not { } tags)
            {
                index = ((index >> ChunkShift) + 1) << ChunkShift;
                continue;
            }

            var rest = tags[WordOf(index, tag)] >> (int)(index % BitsPerWord);
            if (rest != 0)
                return index + BitOperations.TrailingZeroCount(rest) is var found && found < end ? found : -1;
            index = ((index / BitsPerWord) + 1) * BitsPerWord;
        }

        return -1;
    }

    private static int WordOf(long index, PageTag tag) => ((int)tag * TagWords) + (int)((index & (ChunkLength - 1)) / BitsPerWord);

    // Not an array itself, whose elements' type would be checked at each access.
    private struct Chunk
    {
        public ulong[]? Words;
        public ulong[]? Tags;
    }
}
