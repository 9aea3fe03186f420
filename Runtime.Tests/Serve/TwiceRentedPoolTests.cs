using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FolioRuntime.Platform;
using FolioRuntime.Serve.Servers;
using NUnit.Framework;

namespace FolioRuntime.Tests.Serve;

/// <summary>The control does what it must be caught for, and nothing else.</summary>
public sealed class TwiceRentedPoolTests() : RuntimeFixture(generationBits: 32)
{
    protected override PoolRuntimeOptions Options => base.Options with { Backing = MemoryBacking.PinnedArrays, CapacityBytes = 8 << 20, ReservationBytes = 8 << 20 };

    [Test]
    public void It_hands_a_block_to_two_and_gives_it_back_once()
    {
        var blocks = Pool.CreateMemoryPool();
        using var pool = new TwiceRentedPool(blocks);
        var owners = Enumerable.Range(0, 16).Select(_ => pool.Rent()).ToArray();
        Assert.That(owners.Select(owner => AddressOf(owner.Memory)).Distinct().Count(), Is.EqualTo(12));
        Assert.That(blocks.Cache.Statistics().ActiveObjects, Is.EqualTo(12));
        foreach (var owner in owners.Concat(owners))
            owner.Dispose();
        Assert.That(blocks.Cache.Statistics().ActiveObjects, Is.Zero);
        Assert.That(Pool.Snapshot().Violations, Is.Empty, "the runtime itself is used as it should be");
    }

    private static unsafe nint AddressOf(Memory<byte> memory) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory.Span));
}
