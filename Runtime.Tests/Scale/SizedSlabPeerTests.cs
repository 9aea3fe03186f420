using FolioRuntime.Scale.Peers;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Scale;

/// <summary>The classes of sizes that folio-scale uses slabs through.</summary>
internal sealed class SizedSlabPeerTests
{
    [Test]
    public void Every_size_has_the_smallest_class_that_holds_it_and_wastes_a_quarter_of_it_at_most()
    {
        for (var size = 1; size <= PeerCatalog.LargestBytes; size++)
        {
            var sizeClass = SizedSlabPeer.ClassOf(size);
            Assert.That(SizedSlabPeer.SizeOf(sizeClass), Is.GreaterThanOrEqualTo(size));
            if (sizeClass > 0)
            {
                Assert.That(SizedSlabPeer.SizeOf(sizeClass - 1), Is.LessThan(size));
                Assert.That(SizedSlabPeer.SizeOf(sizeClass) - size, Is.LessThanOrEqualTo(size / 4));
            }
        }
    }

    [Test]
    public void Pieces_are_rented_from_the_cache_of_their_class_and_go_back_to_it()
    {
        using var runtime = PeerCatalog.CreateRuntime();
        var peer = new SizedSlabPeer(runtime, PeerCatalog.LargestBytes, new SlabCacheOptions());
        foreach (var size in (int[])[1, 16, 17, 100, 4096, PeerCatalog.LargestBytes])
        {
            var piece = peer.Rent(size);
            peer.BytesOf(piece, size)[size - 1] = 1;
            peer.Return(piece, size);
        }

        runtime.Trim();
        Assert.That(runtime.Validate(), Is.Zero);
    }
}
