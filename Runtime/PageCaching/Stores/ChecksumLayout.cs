using System.Numerics;
using System.Runtime.InteropServices;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching.Stores;

/// <summary>Where a <see cref="ChecksummedPageStore"/> has what, and what a page's checksum is. Only arithmetic.</summary>
internal static class ChecksumLayout
{
    /// <summary>Pages that one block has the checksums of.</summary>
    public const int PagesPerBlock = PageBytes / sizeof(ulong);

    private const int PageBytes = PageOrder.FrameBytes;
    private const long GroupBytes = (PagesPerBlock + 1L) * PageBytes;

    /// <summary>Where a block begins in the inner store.</summary>
    public static long PositionOfBlock(long block) => checked(block * GroupBytes);

    /// <summary>Where a page begins in the inner store.</summary>
    public static long PositionOf(long index) => checked((index + (index / PagesPerBlock) + 1) * PageBytes);

    /// <summary>How long the inner store is for so many bytes in pages.</summary>
    public static long InnerLength(long lengthBytes)
    {
        if (lengthBytes == 0)
            return 0;
        var (page, within) = Math.DivRem(lengthBytes - 1, PageBytes);
        return PositionOf(page) + within + 1;
    }

    /// <summary>How many bytes in pages an inner store of a length has.</summary>
    public static long OuterLength(long innerLength)
    {
        var (groups, rest) = Math.DivRem(innerLength, GroupBytes);
        return (groups * PagesPerBlock * PageBytes) + Math.Max(0, rest - PageBytes);
    }

    /// <summary>A range of whole pages, cut where a block stands in between.</summary>
    public static IEnumerable<(long Index, int Pages)> Runs(long offsetBytes, int lengthBytes)
    {
        var index = offsetBytes / PageBytes;
        for (var left = lengthBytes / PageBytes; left > 0;)
        {
            var pages = (int)Math.Min(left, PagesPerBlock - (index % PagesPerBlock));
            yield return (index, pages);
            index += pages;
            left -= pages;
        }
    }

    /// <summary>A page's checksum: 0 if it is all zeros, and only then.</summary>
    public static uint Of(long index, ReadOnlySpan<byte> page)
    {
        if (page.IndexOfAnyExcept((byte)0) < 0)
            return 0;
        var sum = BitOperations.Crc32C(uint.MaxValue, (ulong)index);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(page))
            sum = BitOperations.Crc32C(sum, BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word));
        return Math.Max(sum, 1);
    }
}
