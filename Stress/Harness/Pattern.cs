using System.Buffers;
using System.Buffers.Binary;

namespace FolioRuntime.Harness;

/// <summary>
/// The bytes of a body: from a seed, any part of it without the rest, so that both ends know each byte without keeping any. Eight at a time are
/// SplitMix64 of seed and place: a byte of another body or place is wrong in 255 of 256 cases.
/// </summary>
public static class Pattern
{
    private const int WordBytes = 8;

    /// <summary>Writes the body's bytes from <paramref name="offset"/> on.</summary>
    public static void Fill(ulong seed, long offset, Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            var word = Word(seed, offset / WordBytes);
            var skip = (int)(offset % WordBytes);
            if (skip == 0 && target.Length >= WordBytes)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(target, word);
                target = target[WordBytes..];
                offset += WordBytes;
                continue;
            }

            target[0] = (byte)(word >> (8 * skip));
            target = target[1..];
            offset++;
        }
    }

    /// <summary>How many bytes are not the body's from <paramref name="offset"/> on.</summary>
    public static long CountWrong(ulong seed, long offset, ReadOnlySpan<byte> actual)
    {
        Span<byte> expected = stackalloc byte[1024];
        var wrong = 0L;
        while (!actual.IsEmpty)
        {
            var part = actual[..Math.Min(actual.Length, expected.Length)];
            var right = expected[..part.Length];
            Fill(seed, offset, right);
            if (!part.SequenceEqual(right))
            {
                for (var i = 0; i < part.Length; i++)
                    wrong += part[i] == right[i] ? 0 : 1;
            }

            actual = actual[part.Length..];
            offset += part.Length;
        }

        return wrong;
    }

    public static long CountWrong(ulong seed, long offset, ReadOnlySequence<byte> actual)
    {
        var wrong = 0L;
        foreach (var segment in actual)
        {
            wrong += CountWrong(seed, offset, segment.Span);
            offset += segment.Length;
        }

        return wrong;
    }

    private static ulong Word(ulong seed, long place)
    {
        var z = seed + ((ulong)place + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
