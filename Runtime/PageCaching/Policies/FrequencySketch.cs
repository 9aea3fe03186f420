using System.Numerics;

namespace FolioRuntime.PageCaching.Policies;

/// <summary>
/// About how often a key was used lately, up to 15, in half a byte: a count-min sketch of four rows, all of whose counters are halved once there were ten uses a page. Einziger, Friedman
/// and Manes, "TinyLFU: a highly efficient cache admission policy", 2017.
/// </summary>
internal sealed class FrequencySketch
{
    private const int Rows = 4;
    private const int CountersPerWord = 16;
    private const int BitsPerCounter = 4;
    private const ulong Most = 15;
    private const ulong HalfMask = 0x7777777777777777;
    private const int UsesPerPage = 10;

    private static readonly uint[] s_multipliers = [0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F];

    private readonly ulong[] _words;
    private readonly int _indexBits;
    private readonly long _period;
    private long _uses;

    public FrequencySketch(int capacityPages)
    {
        // A counter in each row for each page: 16 in a word, four rows.
        _words = new ulong[BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, capacityPages / (CountersPerWord / Rows)))];
        _indexBits = BitOperations.Log2((uint)_words.Length);
        _period = (long)UsesPerPage * capacityPages;
    }

    public int Of(uint fingerprint)
    {
        var least = Most;
        for (var row = 0; row < Rows; row++)
        {
            var (word, shift) = Place(fingerprint, row);
            least = Math.Min(least, (_words[word] >> shift) & Most);
        }

        return (int)least;
    }

    public void Add(uint fingerprint)
    {
        var isAdded = false;
        for (var row = 0; row < Rows; row++)
        {
            var (word, shift) = Place(fingerprint, row);
            if (((_words[word] >> shift) & Most) == Most)
                continue;
            _words[word] += 1ul << shift;
            isAdded = true;
        }

        if (isAdded && ++_uses >= _period)
            Halve();
    }

    private void Halve()
    {
        for (var word = 0; word < _words.Length; word++)
            _words[word] = (_words[word] >> 1) & HalfMask;
        _uses /= 2;
    }

    // Which of the row's four counters in a word, by bits that the index doesn't use.
    private (int Word, int Shift) Place(uint fingerprint, int row)
    {
        var hash = fingerprint * s_multipliers[row];
        var word = (int)(hash >> (32 - _indexBits));
        var counter = (row * Rows) + (int)((hash >> 3) & 3);
        return (word, counter * BitsPerCounter);
    }
}
