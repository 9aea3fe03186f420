using FolioRuntime.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Platform;

/// <summary>What holds for every kind of memory, whichever system runs this.</summary>
[TestFixture(Backing.Native)]
[TestFixture(Backing.PinnedArray)]
public class MemoryContractTests(Backing backing)
{
    private readonly IVirtualMemory _memory = backing.Memory();

    private int Page => _memory.PageBytes;

    [Test]
    public void PageSizeIsThePowerOfTwoTheSystemStates()
    {
        Assert.That(Page, Is.EqualTo(Environment.SystemPageSize));
        Assert.That(Page & (Page - 1), Is.Zero);
    }

    [TestCase(1)]
    [TestCase(4096)]
    [TestCase(64 * 1024)]
    [TestCase(4 * 1024 * 1024)]
    [TestCase(64 * 1024 * 1024)]
    public void ReservationIsAlignedAsAsked(long alignmentBytes)
    {
        using var region = _memory.Reserve(8 * Page, alignmentBytes);
        Assert.That(region.SizeBytes, Is.EqualTo(8 * Page));
        Assert.That(region.Base % Math.Max(alignmentBytes, Page), Is.Zero);
        Assert.That(region.IsInvalid, Is.False);
        region.Commit(0, region.SizeBytes);
        region.Span(0, (int)region.SizeBytes).Fill(0xA5);
    }

    [Test]
    public void CommittedMemoryIsZeroAndWritable()
    {
        using var region = _memory.Reserve(16 * Page, Page);
        region.Commit(4 * Page, 8 * Page);
        Assert.That(region.IsZero(4 * Page, 8 * Page), Is.True);
        region.Span(4 * Page, 8 * Page).Fill(0xA5);
        Assert.That(region.Span(4 * Page, 8 * Page).ContainsAnyExcept((byte)0xA5), Is.False);
    }

    [Test]
    public void CommittingAgainKeepsContentAndClearsOnlyNewPages()
    {
        using var region = _memory.Reserve(16 * Page, Page);
        region.Commit(2 * Page, 2 * Page);
        region.Span(2 * Page, 2 * Page).Fill(0xA5);
        region.Commit(0, 16 * Page);
        Assert.That(region.IsZero(0, 2 * Page), Is.True);
        Assert.That(region.Span(2 * Page, 2 * Page).ContainsAnyExcept((byte)0xA5), Is.False);
        Assert.That(region.IsZero(4 * Page, 12 * Page), Is.True);
    }

    [Test]
    public void DiscardedMemoryIsZeroIfItSaysSoAndUsableEitherWay()
    {
        using var region = _memory.Reserve(8 * Page, Page);
        region.Commit(0, 8 * Page);
        region.Span(0, 8 * Page).Fill(0xA5);
        var isZero = region.Discard(2 * Page, 4 * Page);
        if (isZero)
            Assert.That(region.IsZero(2 * Page, 4 * Page), Is.True);
        region.Span(2 * Page, 4 * Page).Fill(0x5A);
        Assert.That(region.Span(2 * Page, 4 * Page).ContainsAnyExcept((byte)0x5A), Is.False);
        Assert.That(region.Span(0, 2 * Page).ContainsAnyExcept((byte)0xA5), Is.False);
        Assert.That(region.Span(6 * Page, 2 * Page).ContainsAnyExcept((byte)0xA5), Is.False);
    }

    [Test]
    public void AdviceNeverChangesContent()
    {
        using var region = _memory.Reserve(4 * 1024 * 1024, 2 * 1024 * 1024);
        region.Commit(0, region.SizeBytes);
        region.Span(0, (int)region.SizeBytes).Fill(0xA5);
        region.AdviseHugePages(0, region.SizeBytes);
        region.ExcludeFromFork(0, region.SizeBytes);
        region.ExcludeFromDump(0, region.SizeBytes);
        Assert.That(region.Span(0, (int)region.SizeBytes).ContainsAnyExcept((byte)0xA5), Is.False);
    }

    [Test]
    public void EmptyRangesDoNothing([Values(0, 4)] int atPage)
    {
        using var region = _memory.Reserve(4 * Page, Page);
        var offset = atPage * Page;
        region.Commit(offset, 0);
        Assert.That(region.Discard(offset, 0), Is.True);
        Assert.That(region.AdviseHugePages(offset, 0), Is.True);
        Assert.That(region.ExcludeFromFork(offset, 0), Is.True);
        Assert.That(region.ExcludeFromDump(offset, 0), Is.True);
    }

    [Test]
    public void RangesOutsideTheRegionOrNotWholePagesAreRefused()
    {
        using var region = _memory.Reserve(4 * Page, Page);
        long[] offsets = [-Page, 1, Page - 1, 5 * Page, long.MaxValue & -Page, long.MinValue];
        foreach (var offset in offsets)
            AssertRefused(region, offset, Page);
        long[] lengths = [-Page, 1, Page + 1, 4 * Page, long.MaxValue & -Page, long.MaxValue, long.MinValue];
        foreach (var length in lengths)
            AssertRefused(region, Page, length);
        region.Commit(Page, 3 * Page);
    }

    [Test]
    public void OperationsAfterDisposeAreRefused()
    {
        var region = _memory.Reserve(4 * Page, Page);
        region.Commit(0, 4 * Page);
        region.Dispose();
        region.Dispose();
        Assert.That(region.IsClosed, Is.True);
        Assert.Throws<ObjectDisposedException>(() => region.Commit(0, Page));
        Assert.Throws<ObjectDisposedException>(() => region.Discard(0, Page));
        Assert.Throws<ObjectDisposedException>(() => region.AdviseHugePages(0, Page));
        Assert.Throws<ObjectDisposedException>(() => region.ExcludeFromFork(0, Page));
        Assert.Throws<ObjectDisposedException>(() => region.ExcludeFromDump(0, Page));
    }

    [Test]
    public void ArrayIsThereExactlyIfTheRegionSaysSo()
    {
        using var region = _memory.Reserve(4 * Page, Page);
        region.Commit(0, 4 * Page);
        Assert.That(region.HasArray, Is.EqualTo(backing == Backing.PinnedArray));
        Assert.That(region.TryGetArray(Page, 100, out var segment), Is.EqualTo(region.HasArray));
        Assert.That(segment.Count, Is.EqualTo(region.HasArray ? 100 : 0));
    }

    private static void AssertRefused(MemoryRegion region, long offsetBytes, long lengthBytes)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => region.Commit(offsetBytes, lengthBytes));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.Discard(offsetBytes, lengthBytes));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.AdviseHugePages(offsetBytes, lengthBytes));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.ExcludeFromFork(offsetBytes, lengthBytes));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.ExcludeFromDump(offsetBytes, lengthBytes));
    }
}
