using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FolioRuntime.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Platform;

/// <summary>What only memory made of arrays promises.</summary>
public class PinnedArrayMemoryTests
{
    private const int MiB = 1 << 20;
    private readonly PinnedArrayMemory _memory = new();

    [Test]
    public void TheArrayIsTheMemory()
    {
        using var region = _memory.Reserve(4 * MiB, 4 * MiB);
        region.Commit(0, 4 * MiB);
        Assert.That(region.TryGetArray(MiB + 3, 1000, out var segment), Is.True);
        region.Span(MiB + 3, 1000).Fill(0xA5);
        Assert.That(segment.AsSpan().ContainsAnyExcept((byte)0xA5), Is.False);
        segment.AsSpan().Fill(0x5A);
        Assert.That(region.Span(MiB + 3, 1000).ContainsAnyExcept((byte)0x5A), Is.False);
        Assert.That(region.Span(MiB, 3).ContainsAnyExcept((byte)0), Is.False);
        Assert.That(region.Span(MiB + 1003, 1)[0], Is.Zero);
    }

    [Test]
    public void TheArrayStaysWhereItIsThroughACompactingCollection()
    {
        using var region = _memory.Reserve(MiB, 64 * 1024);
        region.Commit(0, MiB);
        region.Span(0, MiB).Fill(0xA5);
        region.TryGetArray(0, MiB, out var segment);
        MakeHoles();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        Assert.That(Marshal.UnsafeAddrOfPinnedArrayElement(segment.Array!, segment.Offset), Is.EqualTo(region.Base));
        Assert.That(region.Span(0, MiB).ContainsAnyExcept((byte)0xA5), Is.False);
    }

    [Test]
    public void TheRegionKeepsItsArrayAliveAndLetsGoWhenClosed()
    {
        var region = _memory.Reserve(MiB, 4096);
        var array = ArrayOf(region);
        GC.Collect();
        Assert.That(array.IsAlive, Is.True);
        region.Dispose();
        GC.Collect();
        Assert.That(array.IsAlive, Is.False);
        Assert.Throws<ObjectDisposedException>(() => region.TryGetArray(0, 1, out _));
    }

    [Test]
    public void ASegmentOutlivesItsRegion()
    {
        var region = _memory.Reserve(MiB, 4096);
        region.Commit(0, MiB);
        region.TryGetArray(4096, 100, out var segment);
        segment.AsSpan().Fill(0xA5);
        region.Dispose();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        Assert.That(segment.AsSpan().ContainsAnyExcept((byte)0xA5), Is.False);
    }

    [Test]
    public void SegmentsOutsideTheRegionAreRefused()
    {
        using var region = _memory.Reserve(MiB, 4096);
        Assert.Throws<ArgumentOutOfRangeException>(() => region.TryGetArray(-1, 1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.TryGetArray(0, -1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.TryGetArray(MiB, 1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.TryGetArray(1, MiB, out _));
        Assert.That(region.TryGetArray(MiB, 0, out var empty), Is.True);
        Assert.That(empty.Count, Is.Zero);
    }

    [Test]
    [Platform("Linux")]
    public void DiscardGivesMemoryBackOnLinuxThroughCollections()
    {
        using var region = _memory.Reserve(64 * MiB, MiB);
        region.Commit(0, 64 * MiB);
        region.Span(0, 64 * MiB).Fill(0xA5);
        var full = ProcessMappings.Read().ResidentBytes(region);
        Assert.That(region.DiscardGivesBack, Is.True);
        Assert.That(region.Discard(MiB, 62 * MiB), Is.True);

        // The mapping is the collector's, and has more in it than this.
        Assert.That(full - ProcessMappings.Read().ResidentBytes(region), Is.GreaterThan(32 * MiB));
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        Assert.That(region.Span(MiB, 62 * MiB).ContainsAnyExcept((byte)0), Is.False);
        Assert.That(region.Span(0, MiB).ContainsAnyExcept((byte)0xA5), Is.False);
        Assert.That(region.Span(63 * MiB, MiB).ContainsAnyExcept((byte)0xA5), Is.False);
    }

    [Test]
    public void WhatElseSystemsDoWithPagesIsRefused()
    {
        using var region = _memory.Reserve(MiB, 4096);
        region.Commit(0, MiB);
        Assert.That(region.AdviseHugePages(0, MiB), Is.False);
        Assert.That(region.ExcludeFromFork(0, MiB), Is.False);
        Assert.That(region.ExcludeFromDump(0, MiB), Is.False);
    }

    [TestCase(1L << 31, 4096)]
    [TestCase(1L << 36, 4096)]
    [TestCase((1L << 31) - (1 << 22), 1L << 22)]
    public void MoreThanOneArrayHoldsIsAnOrdinaryRefusal(long sizeBytes, long alignmentBytes)
    {
        var exception = Assert.Throws<VirtualMemoryException>(() => _memory.Reserve(sizeBytes, alignmentBytes));
        Assert.That(exception.Call, Is.EqualTo("GC.AllocateUninitializedArray"));
        Assert.That(exception.SizeBytes, Is.EqualTo(sizeBytes));
        Assert.That(exception.ErrorCode, Is.Zero);
        Assert.That(exception.Message, Does.Contain($"({sizeBytes} bytes)").And.Contain("2147483591 bytes at most"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference ArrayOf(MemoryRegion region)
    {
        region.TryGetArray(0, 1, out var segment);
        return new WeakReference(segment.Array);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeHoles()
    {
        var kept = new List<byte[]>();
        for (var index = 0; index < 2000; index++)
        {
            var array = GC.AllocateUninitializedArray<byte>(4096, pinned: index % 3 == 0);
            if (index % 2 == 0)
                kept.Add(array);
        }

        GC.KeepAlive(kept);
    }
}
