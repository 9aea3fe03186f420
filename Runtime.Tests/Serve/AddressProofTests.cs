using FolioRuntime.Platform;
using FolioRuntime.Serve.Servers;
using NUnit.Framework;

namespace FolioRuntime.Tests.Serve;

public sealed class AddressProofTests() : RuntimeFixture(generationBits: 32)
{
    protected override PoolRuntimeOptions Options => base.Options with { Backing = MemoryBacking.PinnedArrays, CapacityBytes = 8 << 20, ReservationBytes = 8 << 20 };

    [Test]
    public void A_block_of_the_runtime_is_inside_and_everything_else_is_not()
    {
        var proof = new AddressProof(Pool);
        using (var block = Pool.CreateMemoryPool().Rent())
        {
            proof.Look(block.Memory.Span);
            proof.Look(block.Memory.Span[4095..]);
            proof.Look([]);
            Assert.That((proof.Inside, proof.Outside), Is.EqualTo((2L, 0L)));
        }

        proof.Look(new byte[10]);
        proof.Look(GC.AllocateArray<byte>(4096, pinned: true));
        proof.Look(stackalloc byte[1]);
        Assert.That((proof.Inside, proof.Outside), Is.EqualTo((2L, 3L)));
    }

    [Test]
    public void One_request_in_eight_is_looked_at()
    {
        var proof = new AddressProof(Pool);
        Assert.That(Enumerable.Range(0, 80).Count(_ => proof.Samples()), Is.EqualTo(10));
    }

    [Test]
    public void Native_memory_has_no_array_to_compare_with()
    {
        using var native = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 8 << 20 });
        Assert.Throws<InvalidOperationException>(() => _ = new AddressProof(native));
    }
}
