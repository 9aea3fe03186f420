using System.Runtime.CompilerServices;
using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Folios;

/// <summary>Allocation, references, and the lifetime's invariants as folios show them.</summary>
[TestFixture(32)]
[TestFixture(3)]
public class FolioAllocatorTests(int generationBits) : FolioFixture(generationBits)
{
    [Test]
    public void AHandleIsEightBytes_ComparesByValue_AndTheDefaultIsNoFolios()
    {
        var handle = Freed();
        Assert.Multiple(() =>
        {
            Assert.That(Unsafe.SizeOf<FolioHandle>(), Is.EqualTo(8));
            Assert.That(handle, Is.EqualTo(new FolioHandle(handle.Frame, handle.Generation)));
            Assert.That(handle.IsValid, Is.True);
            Assert.That(default(FolioHandle).IsValid, Is.False);
            Assert.That(Folios.Get(default, out _), Is.EqualTo(FolioOutcome.Stale));
            Assert.That(Folios.TryReturn(default), Is.False);
        });
    }

    [Test]
    public void AFolioIsZeroedAndAsLargeAsAsked([Range(0, 4)] int order)
    {
        for (var round = 0; round < 3; round++)
        {
            using var folio = Folios.Allocate(new PageOrder(order));
            Assert.That(folio.Order.Value, Is.EqualTo(order));
            Assert.That(folio.Bytes.Length, Is.EqualTo(4096 << order));
            Assert.That(folio.Bytes.IndexOfAnyExcept((byte)0), Is.EqualTo(-1), "zero, although the last one was written");
            folio.Bytes.Fill(0xEE);
        }
    }

    [Test]
    public void WithoutZeroing_AFolioShowsWhatWasThere()
    {
        Create(frames: 1, maxOrder: 0, zero: false);
        using (var folio = Folios.Allocate(new PageOrder(0)))
            folio.Bytes.Fill(0xEE);
        using var next = Folios.Allocate(new PageOrder(0));
        Assert.That(next.Bytes[4095], Is.EqualTo(0xEE));
    }

    [Test]
    public void ExhaustionIsFalse_OrAnErrorWithFigures_AndLeavesNothing()
    {
        var held = new List<FolioHandle>();
        while (Folios.TryRent(new PageOrder(2), out var folio))
            held.Add(folio);
        Assert.That(held, Has.Count.EqualTo(16));
        Assert.That(Folios.TryAllocate(new PageOrder(0), out var none), Is.False);
        Assert.That(none.IsValid, Is.False);
        none.Dispose();
        Assert.That(Folios.TryAllocateOwner(new PageOrder(0), out _), Is.False);
        var error = Assert.Throws<OutOfMemoryException>(() => Folios.Rent(new PageOrder(0)));
        Assert.That(error.Message, Does.Contain("capacity 256 KiB, in use 256 KiB"));
        held.ForEach(Folios.Return);
        Assert.That(Folios.Statistics.Alive, Is.Zero);
    }

    [TestCase(-1)]
    [TestCase(5)]
    public void OrdersOutOfRangeAreMisuse(int order)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Folios.Allocate(new PageOrder(order)).Dispose());
        Assert.Throws<ArgumentOutOfRangeException>(() => Folios.TryRent(new PageOrder(order), out _));
    }

    [Test]
    public void AfterCloseNothingIsHandedOut_AndWhatIsOutStays()
    {
        var kept = Folios.Allocate(new PageOrder(1));
        kept.Bytes[5000] = 7;
        Pages.Close();
        Assert.That(Folios.TryAllocate(new PageOrder(0), out _), Is.False);
        Assert.Throws<ObjectDisposedException>(() => Folios.Rent(new PageOrder(0)));
        Assert.That(kept.Bytes[5000], Is.EqualTo(7));
        Assert.That(Folios.TryGet(kept.Handle, out var second), Is.True, "what is alive can be got");
        second.Dispose();
        kept.Dispose();
        Assert.That(Folios.TryGet(kept.Handle, out _), Is.False);
        Assert.That(Pages.AllocatedFrames, Is.Zero);
    }

    [Test]
    public void L1_L2_AFolioLivesUntilItsLastReference()
    {
        var first = Folios.Allocate(new PageOrder(0));
        Assert.That(Folios.TryGet(first.Handle, out var second), Is.True);
        first.Dispose();
        Assert.That(Pages.AllocatedFrames, Is.EqualTo(1));
        second.Bytes[0] = 1;
        second.Dispose();
        Assert.That(Pages.AllocatedFrames, Is.Zero);
        Assert.That(Folios.Statistics.Freed, Is.EqualTo(1));
    }

    [Test]
    public void L1_ARentedFolioLivesUntilReturnAndTheLastReference()
    {
        var handle = Folios.Rent(new PageOrder(1));
        Folios.TryGet(handle, out var reference);
        Folios.Return(handle);
        Assert.That(Pages.AllocatedFrames, Is.EqualTo(2));
        reference.Dispose();
        Assert.That(Pages.AllocatedFrames, Is.Zero);
        Assert.That(Reported, Is.Empty);
    }

    [Test]
    public void L3_Hazard03_AStaleHandleIsRejectedWhateverTheFrameBecomes()
    {
        var old = Freed();
        var folio = RentInPlaceOf(old);
        RequireStale(old);
        Folios.Return(folio);
        RequireStale(old);
        Pages.TryAllocate(4, FolioRuntime.Pages.FrameUses.Slab, out var slab);
        RequireStale(old);
        Pages.Free(slab, 4);
        RequireStale(old);
        using (Folios.Allocate(new PageOrder(4)))
            RequireStale(old);
        Pages.Trim();
        RequireStale(old);
    }

    [Test]
    public void L4_FailedOperationsLeaveALiveFolioAsItWas()
    {
        var old = Freed();
        var folio = RentInPlaceOf(old);
        Folios.TryGet(folio, out var reference);
        reference.Bytes.Fill(0x11);
        for (var i = 0; i < 10; i++)
        {
            Folios.TryGet(old, out _);
            Folios.TryReturn(old);
            Folios.TryRead(old, 0, new byte[8]);
            reference.TryFreeze(out _, references: 2);
        }

        Assert.That(reference.Bytes.IndexOfAnyExcept((byte)0x11), Is.EqualTo(-1));
        Assert.That(new LifetimeWord(Pages.Frames.Frame(folio.Frame).Word).References, Is.EqualTo(1u));
        reference.Dispose();
        Folios.Return(folio);
        Assert.That(Pages.AllocatedFrames, Is.Zero);
    }

    [Test]
    public void Hazard09_WhenAllGenerationsAreSpent_FoliosEndButNoFrameIsLost()
    {
        Create(frames: 4, maxOrder: 2);
        if (GenerationBits == 32)
        {
            // As if 2^32 - 2 folios had lived here before.
            for (uint frame = 0; frame < 4; frame++)
            {
                Folios.TryRent(new PageOrder(0), out _);
                Pages.Frames.Frame(frame).Word = LifetimeWord.Rented(Generations.Last).Bits;
                Folios.Return(new FolioHandle(frame, Generations.Last));
            }
        }

        var seen = new HashSet<FolioHandle>();
        while (Folios.TryRent(new PageOrder(0), out var folio))
        {
            Assert.That(seen.Add(folio), Is.True, "no handle twice");
            Folios.Return(folio);
        }

        Assert.Multiple(() =>
        {
            Assert.That(seen, Has.Count.EqualTo(GenerationBits == 32 ? 0 : 4 * (Generations.Last - Generations.First + 1)));
            Assert.That(Folios.TryRent(new PageOrder(2), out _), Is.False);
            Assert.That(Pages.FreeFrames, Is.EqualTo(4), "the memory is still there");
            Assert.That(Pages.TryAllocate(2, FolioRuntime.Pages.FrameUses.Slab, out var slab), Is.True, "and serves slabs");
            Pages.Free(slab, 2);
            foreach (var old in seen)
                RequireStale(old);
        });
    }

    [Test]
    public void Hazard10_AGetPastTheLimitFailsAndIsCounted()
    {
        var folio = Folios.Rent(new PageOrder(0));
        ref var word = ref Pages.Frames.Frame(folio.Frame).Word;
        var before = word;
        word = LifetimeWord.Referenced(folio.Generation, LifetimeWord.ReferenceLimit).Bits | LifetimeWord.Owned;
        Assert.That(Folios.Get(folio, out _), Is.EqualTo(FolioOutcome.Saturated));
        Assert.That(Folios.Statistics.SaturatedRejected, Is.EqualTo(1));
        word = before;
        Folios.Return(folio);
    }

    [Test]
    public void Hazard13_AFolioIsVisibleOnlyOnceItIsReady()
    {
        var old = Freed();
        Pages.Frames.Frame(old.Frame).Sequence |= 1;
        var folio = RentInPlaceOf(old);
        Folios.TryGet(folio, out var reference);
        Assert.That(reference.Flags, Is.EqualTo(FolioFlags.None));
        Assert.That(Folios.TryRead(folio, 0, new byte[8]), Is.True, "the sequence that the last life left odd is even again");
        reference.Dispose();
        Folios.Return(folio);
    }

    [Test]
    public void MisuseOfReturnIsToldApart_AndChangesNothing()
    {
        var folio = Folios.Rent(new PageOrder(0));
        Folios.TryGet(folio, out var reference);
        Folios.Return(folio);
        var twice = Assert.Throws<InvalidOperationException>(() => Folios.Return(folio));
        Assert.That(twice.Message, Is.EqualTo($"DoubleReturn: folio, slot {folio.Frame}, generation {folio.Generation}"));
        reference.Dispose();
        Folios.TryReturn(folio);
        Folios.TryReturn(new FolioHandle(uint.MaxValue, 1));
        Assert.That(Reported, Is.EqualTo(new List<ViolationKind> { ViolationKind.DoubleReturn, ViolationKind.StaleReturn, ViolationKind.ForeignHandle }));
    }

    [Test]
    public void AReferenceThatIsNotRentedCannotBeReturned()
    {
        using var folio = Folios.Allocate(new PageOrder(0));
        Assert.That(Folios.TryReturn(folio.Handle), Is.False);
        Assert.That(Reported, Is.EqualTo(new List<ViolationKind> { ViolationKind.DoubleReturn }));
    }

    [Test]
    public void Hazard08_ASurplusPutIsReported_AndFreesNothing()
    {
        var folio = Folios.Allocate(new PageOrder(0));
        var copy = folio;
        folio.Dispose();
        copy.Dispose();
        var next = RentInPlaceOf(copy.Handle);
        copy.Dispose();
        Assert.That(Folios.TryGet(next, out var reference), Is.True, "its successor is untouched");
        reference.Dispose();
        Folios.Return(next);
        Assert.That(Reported, Is.EqualTo(new List<ViolationKind> { ViolationKind.SurplusPut, ViolationKind.SurplusPut }));
    }

    [Test]
    public void ACopyOfADisposedReferenceShowsNoOthersBytes()
    {
        var folio = Folios.Allocate(new PageOrder(0));
        var copy = folio;
        folio.Dispose();
        var thrown = false;
        try
        {
            _ = copy.Bytes;
        }
        catch (ObjectDisposedException)
        {
            thrown = true;
        }

        Assert.That(thrown, Is.True);
    }

    [Test]
    public void ForgedHandlesAreRejectedWithoutTouchingAnythingOutsideTheTable()
    {
        using var live = Folios.Allocate(new PageOrder(2));
        var random = new Random(5);
        for (var i = 0; i < 100_000; i++)
        {
            var frame = random.Next(3) == 0 ? (uint)random.NextInt64(1L << 32) : (uint)random.Next(200);
            var forged = new FolioHandle(frame, random.Next(2) == 0 ? (uint)random.NextInt64(1L << 32) : (uint)random.Next(9));
            if (forged == live.Handle)
                continue;
            Assert.That(Folios.TryGet(forged, out _), Is.False);
            Assert.That(Folios.TryRead(forged, 0, new byte[1]), Is.False);
            Assert.That(Folios.TryReturn(forged), Is.False);
        }

        Assert.That(live.Bytes.IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
    }

    [Test]
    public void AnotherRuntimesHandlesAreRejected()
    {
        using var mine = Folios.Allocate(new PageOrder(0));
        var theirs = mine.Handle with { };
        Create();
        using var here = Folios.Allocate(new PageOrder(0));
        if (Generations.First != theirs.Generation)
            Assert.That(Folios.Get(theirs, out _), Is.EqualTo(FolioOutcome.Stale));
    }

    private void RequireStale(FolioHandle handle)
    {
        Assert.That(Folios.Get(handle, out _), Is.EqualTo(FolioOutcome.Stale));
        Assert.That(Folios.Read(handle, 0, new byte[16]), Is.EqualTo(FolioOutcome.Stale));
        Assert.That(Folios.TryReturn(handle), Is.False);
    }
}
