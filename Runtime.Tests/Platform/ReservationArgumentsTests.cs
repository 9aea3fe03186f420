using FolioRuntime.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Platform;

/// <summary>Bad arguments are refused before the system is asked, so every implementation can be held to it on any system.</summary>
public class ReservationArgumentsTests
{
    private static readonly IVirtualMemory[] s_implementations =
        [new LinuxVirtualMemory(), new WindowsVirtualMemory(), new MacVirtualMemory(), new PinnedArrayMemory()];

    [TestCaseSource(nameof(s_implementations))]
    public void SizesAreWholePagesAndMoreThanNone(object implementation)
    {
        var memory = (IVirtualMemory)implementation;
        long page = memory.PageBytes;
        long[] sizes = [0, -1, -page, 1, page - 1, page + 1, long.MinValue, long.MaxValue];
        foreach (var size in sizes)
            Assert.Throws<ArgumentOutOfRangeException>(() => memory.Reserve(size, page), $"{size}");
    }

    [TestCaseSource(nameof(s_implementations))]
    public void AlignmentsArePowersOfTwo(object implementation)
    {
        var memory = (IVirtualMemory)implementation;
        long page = memory.PageBytes;
        long[] alignments = [0, -1, 3, page + 1, 3 * page, long.MinValue, long.MaxValue];
        foreach (var alignment in alignments)
            Assert.Throws<ArgumentOutOfRangeException>(() => memory.Reserve(page, alignment), $"{alignment}");
    }

    [TestCaseSource(nameof(s_implementations))]
    public void SizeAndAlignmentTogetherCannotOverflow(object implementation)
    {
        var memory = (IVirtualMemory)implementation;
        long page = memory.PageBytes;
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Reserve(long.MaxValue & -page, page));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Reserve(1L << 62, 1L << 62));
    }

    [TestCase(0, 4096, 0)]
    [TestCase(1, 4096, 4096)]
    [TestCase(4096, 4096, 4096)]
    [TestCase(4097, 4096, 8192)]
    [TestCase(3, 1, 3)]
    public void AlignUpRoundsToTheNextMultiple(int address, long alignmentBytes, int expected) =>
        Assert.That(ReservationArguments.AlignUp(address, alignmentBytes), Is.EqualTo((nint)expected));
}
