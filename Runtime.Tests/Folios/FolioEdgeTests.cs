using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Folios;

/// <summary>Default values, frames that never headed a folio, and counts that must only ever grow.</summary>
[TestFixture(32)]
[TestFixture(3)]
public class FolioEdgeTests(int generationBits) : FolioFixture(generationBits)
{
    [Test]
    public void DefaultValuesReferToNothing_AndSaySo()
    {
        Assert.That(default(FolioReference).IsValid, Is.False);
        default(FolioReference).Dispose();
        default(FolioContentWrite).Dispose();
        Assert.Throws<InvalidOperationException>(() => _ = default(FolioReference).Order);
        Assert.Throws<InvalidOperationException>(() => default(FolioReference).Bytes.Clear());
        Assert.Throws<InvalidOperationException>(() => _ = default(FolioReference).Flags);
        Assert.Throws<InvalidOperationException>(() => default(FolioReference).BeginWrite());
        Assert.Throws<InvalidOperationException>(() => default(FrozenFolio).Bytes.Clear());
        Assert.Throws<InvalidOperationException>(() => default(FrozenFolio).Unfreeze());
        Assert.That((default(FolioHandle).ToString(), new FolioHandle(3, 7).ToString()), Is.EqualTo(("no folio", "folio 3 (generation 7)")));
    }

    [Test]
    public void TheLargestOrderIsThePages_AndAFreezeNeedsAReference()
    {
        Assert.That(Folios.MaxOrder.Value, Is.EqualTo(4));
        using var folio = Folios.Allocate(new PageOrder(1));
        var handle = folio.Handle;
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            Folios.TryGet(handle, out var reference);
            using (reference)
                reference.TryFreeze(out _, references: 0);
        });
        Assert.That(folio.TryFreeze(out var frozen), Is.True);
        Assert.That((frozen.Order.Value, frozen.Handle), Is.EqualTo((1, handle)));
        frozen.Unfreeze();
    }

    /// <summary>Its word is all zero: dead in the generation that the default handle has.</summary>
    [Test]
    public void AFrameThatNeverHeadedAFolioIsStale_AndNeverFrozen()
    {
        using var folio = Folios.Allocate(new PageOrder(0));
        var fresh = 0u;
        while (new LifetimeWord(Pages.Frames.Frame(fresh).Word).Generation != 0)
            fresh++;
        var handle = new FolioHandle(fresh, 0);
        Assert.That(Folios.Get(handle, out _), Is.EqualTo(FolioOutcome.Stale));
        Assert.That(Folios.Read(handle, 0, new byte[1]), Is.EqualTo(FolioOutcome.Stale));
        Assert.That(Folios.TryReturn(handle), Is.False);
        Assert.That(Reported, Is.EqualTo(new List<ViolationKind> { ViolationKind.ForeignHandle }));
        Assert.That((Folios.Statistics.FrozenMet, Folios.Statistics.StaleRejected), Is.EqualTo((0L, 2L)));
    }

    [Test]
    public void ANumberJustPastTheTableIsStale()
    {
        using var folio = Folios.Allocate(new PageOrder(0));
        var past = new FolioHandle(Pages.Frames.CommittedFrames, folio.Handle.Generation);
        Assert.That(Folios.Get(past, out _), Is.EqualTo(FolioOutcome.Stale));
        Assert.That(Folios.Read(past, 0, new byte[1]), Is.EqualTo(FolioOutcome.Stale));
        Assert.That(Folios.TryReturn(past), Is.False);
        Assert.That(Reported, Is.EqualTo(new List<ViolationKind> { ViolationKind.ForeignHandle }));
    }

    /// <summary>As a reader may see it while the frame changes hands.</summary>
    [Test]
    public void Hazard15_AnOrderThatLeadsOutOfCommittedMemoryIsNotFollowed()
    {
        var handle = Folios.Rent(new PageOrder(0));
        ref var frame = ref Pages.Frames.Frame(handle.Frame);
        var order = frame.Order;
        frame.Order = 12;
        var copy = new byte[] { 1, 2, 3 };
        var committedBytes = (int)(Pages.Frames.CommittedFrames - handle.Frame) * PageOrder.FrameBytes;
        Assert.That(committedBytes, Is.LessThan(PageOrder.FrameBytes << frame.Order));
        Assert.Throws<ArgumentOutOfRangeException>(() => Folios.Read(handle, committedBytes - 2, copy));
        Assert.That(copy, Is.EqualTo(new byte[] { 1, 2, 3 }), "nothing was copied");
        Pages.Frames.Frame(handle.Frame).Order = order;
        Folios.Return(handle);
    }

    [Test]
    public void Hazard16_TheContentSequenceOnlyGrows_AndIsEvenAtRest()
    {
        var folio = Folios.Allocate(new PageOrder(0));
        var handle = folio.Handle;
        ref var frame = ref Pages.Frames.Frame(handle.Frame);
        var before = frame.Sequence;
        for (var round = 1u; round <= 3; round++)
        {
            Assert.That(folio.TryFreeze(out var frozen), Is.True);
            frozen.Unfreeze();
            Assert.That(frame.Sequence, Is.EqualTo(before + (2 * round)));
        }

        folio.BeginWrite();
        Assert.That(frame.Sequence, Is.EqualTo(before + 7));
        Assert.That(folio.TryFreeze(out var inTheMiddle), Is.True);
        inTheMiddle.Unfreeze();
        Assert.That(frame.Sequence, Is.EqualTo(before + 8), "a freeze ends a write that was under way");
        folio.BeginWrite();
        folio.Dispose();
        var next = RentInPlaceOf(handle);
        Assert.That(frame.Sequence, Is.EqualTo(before + 10), "and so does the next folio");
        Folios.Return(next);
    }

    [Test]
    public void AnOwnersFrozenFolioCannotBePinned_AndCanAfterwards()
    {
        using var owner = Folios.AllocateOwner(new PageOrder(0));
        Folios.TryGet(owner.Handle, out var reference);
        reference.TryFreeze(out var frozen);
        var error = Assert.Throws<InvalidOperationException>(() => owner.Pin());
        Assert.That(error, Is.Not.InstanceOf<ObjectDisposedException>());
        frozen.Unfreeze();
        owner.Pin().Dispose();
        reference.Dispose();
        Assert.That(Reported, Is.Empty);
    }

    [Test]
    public void AfterAnUnpinTooMany_PinsAreCountedAsBefore()
    {
        using var owner = Folios.AllocateOwner(new PageOrder(0));
        owner.Unpin();
        owner.Pin().Dispose();
        Assert.That(Reported, Is.EqualTo(new List<ViolationKind> { ViolationKind.SurplusPut }));
        Assert.That(new LifetimeWord(Pages.Frames.Frame(owner.Handle.Frame).Word).References, Is.Zero, "the pin's reference is dropped");
    }

    [Test]
    public void AnOwnersMemoryEndsWithItsDisposal_AlsoWhileAPinKeepsTheFolio()
    {
        var owner = Folios.AllocateOwner(new PageOrder(0));
        var memory = owner.Memory;
        using (owner.Pin())
        {
            ((IDisposable)owner).Dispose();
            Assert.Throws<ObjectDisposedException>(() => _ = memory.Span);
            Assert.Throws<ObjectDisposedException>(() => owner.Pin());
            Assert.Throws<ObjectDisposedException>(() => System.Runtime.InteropServices.MemoryMarshal.TryGetArray<byte>(memory, out _));
        }

        Assert.That(Folios.Statistics.Alive, Is.Zero);
    }

    [Test]
    public void AFrozenFolioThatHasEndedCanNeitherBeFreedNorSplit([Values] bool split)
    {
        using var folio = Folios.Allocate(new PageOrder(1));
        folio.TryFreeze(out var frozen);
        frozen.Unfreeze();
        var refused = false;
        try
        {
            if (split)
                frozen.Split(new PageOrder(0), new FolioHandle[2]);
            else
                frozen.Free();
        }
        catch (InvalidOperationException)
        {
            refused = true;
        }

        Assert.That(refused, Is.True);
        Assert.That(Folios.Statistics.Alive, Is.EqualTo(1));
    }
}
