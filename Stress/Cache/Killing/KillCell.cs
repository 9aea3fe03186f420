using System.Buffers.Binary;
using FolioRuntime.Harness;

namespace FolioRuntime.Caching.Killing;

/// <summary>
/// What is written: a page is eight cells of 512 bytes, each of which says which write it is from, and has the rest made from that.
/// <code>
///   [ version : 8 bytes | bytes that follow from version, page and cell : 504 ]        all zeros: never written
/// </code>
/// </summary>
internal static class KillCell
{
    public const int Bytes = 512;

    public const int PerPage = 8;

    public static void Fill(Span<byte> cell, int number, ulong version)
    {
        var random = new XorShift(version, number);
        BinaryPrimitives.WriteUInt64LittleEndian(cell, version);
        for (var at = sizeof(ulong); at < Bytes; at += sizeof(ulong))
            BinaryPrimitives.WriteUInt64LittleEndian(cell[at..], random.Next());
    }

    /// <summary>Which write a cell is from.</summary>
    /// <returns>False: it isn't one cell's content.</returns>
    public static bool TryRead(ReadOnlySpan<byte> cell, int number, out ulong version)
    {
        version = BinaryPrimitives.ReadUInt64LittleEndian(cell);
        Span<byte> expected = stackalloc byte[Bytes];
        if (version == 0)
            expected.Clear();
        else
            Fill(expected, number, version);
        return cell.SequenceEqual(expected);
    }
}
