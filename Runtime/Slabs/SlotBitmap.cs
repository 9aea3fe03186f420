using System.Numerics;
using System.Runtime.CompilerServices;

namespace FolioRuntime.Slabs;

/// <summary>One bit a slot of a slab, set while the slot is free in the slab: an out-of-band free list that no write into an object can damage.</summary>
/// <param name="words">The slab's part of the bitmap table.</param>
internal readonly ref struct SlotBitmap(Span<ulong> words)
{
    private const int BitsPerWord = 64;

    private readonly Span<ulong> _words = words;

    public static int WordsFor(int slotCount) => (slotCount + BitsPerWord - 1) / BitsPerWord;

    public bool IsSet(uint ordinal) => (_words[(int)(ordinal / BitsPerWord)] >> (int)(ordinal % BitsPerWord) & 1) != 0;

    public void Set(uint ordinal) => _words[(int)(ordinal / BitsPerWord)] |= 1ul << (int)(ordinal % BitsPerWord);

    public void Clear() => _words.Clear();

    /// <summary>Takes free slots, lowest first, and writes their indices, counted from the slab's first. Returns how many.</summary>
    public int Take(Span<uint> destination, uint firstIndex)
    {
        var taken = 0;
        for (var i = 0; i < _words.Length && taken < destination.Length; i++)
        {
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Count()
    {
        var count = 0;
        foreach (var word in _words)
            count += BitOperations.PopCount(word);
        return count;
    }
}
