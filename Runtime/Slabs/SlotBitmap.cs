using System.Numerics;
using System.Runtime.CompilerServices;

namespace FolioRuntime.Slabs;

/// <summary>One bit a slot of a slab, set while the slot is free in the slab: an out-of-band free list that no write into an object can damage.</summary>
/// <param name="words">The slab's part of the bitmap table.</param>
internal readonly ref struct SlotBitmap(Span<ulong> words)
{
    private const int BitsPerWord = 64;

    private readonly Span<ulong> _words = words;

    public ReadOnlySpan<ulong> Words => _words;

    public static int WordsFor(uint slotCount) => (int)((slotCount + BitsPerWord - 1) / BitsPerWord);

    public static uint WordOf(uint ordinal) => ordinal / BitsPerWord;

    public bool IsSet(uint ordinal) => (_words[(int)(ordinal / BitsPerWord)] >> (int)(ordinal % BitsPerWord) & 1) != 0;

    public void Set(uint ordinal) => _words[(int)(ordinal / BitsPerWord)] |= 1ul << (int)(ordinal % BitsPerWord);

    public void Unset(uint ordinal) => _words[(int)(ordinal / BitsPerWord)] &= ~(1ul << (int)(ordinal % BitsPerWord));

    public void Clear() => _words.Clear();

    /// <summary>Takes free slots, lowest first, and writes their indices, counted from the slab's first. Returns how many.</summary>
    /// <param name="destination">Receives the indices.</param>
    /// <param name="firstIndex">The slab's first.</param>
    /// <param name="firstFreeWord">No word before this one has a free slot, before and after.</param>
    public int Take(Span<uint> destination, uint firstIndex, ref uint firstFreeWord)
    {
        var taken = 0;
        for (var i = (int)Math.Min(firstFreeWord, (uint)_words.Length); i < _words.Length && taken < destination.Length; i++)
        {
            firstFreeWord = (uint)i;
            var free = _words[i];
            while (free != 0 && taken < destination.Length)
            {
                destination[taken++] = firstIndex + (uint)((i * BitsPerWord) + BitOperations.TrailingZeroCount(free));
                free &= free - 1;
            }

            _words[i] = free;
        }

        return taken;
    }

    /// <summary>The first ordinal from one on that is set, or that isn't; the end if there is none.</summary>
    public uint Next(uint start, bool set, uint end)
    {
        for (var word = start / BitsPerWord; word * BitsPerWord < end; word++)
        {
            var wanted = (set ? _words[(int)word] : ~_words[(int)word]) & (word == start / BitsPerWord ? ulong.MaxValue << (int)(start % BitsPerWord) : ulong.MaxValue);
            if (wanted != 0)
                return Math.Min(end, (word * BitsPerWord) + (uint)BitOperations.TrailingZeroCount(wanted));
        }

        return end;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Count()
    {
        var count = 0;
        foreach (var word in _words)
            count += BitOperations.PopCount(word);
        return count;
    }
}
