using System.Runtime.CompilerServices;
using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Folios;

/// <summary>One folio pinned by threads in slots of their own: what holds it, what ends it, and what is told of misuse.</summary>
[TestFixture(32)]
[TestFixture(3)]
public class DistributedFolioTests(int generationBits) : FolioFixture(generationBits)
{
    [Test]
    public void APinShowsTheFolio()
    {
        using var folio = Folios.Allocate(new PageOrder(1));
        folio.Bytes.Fill(7);
        using var hot = Distributed(folio.Handle);
        Assert.That(hot.Handle, Is.EqualTo(folio.Handle));
        Assert.That(hot.TryPin(out var pin), Is.True);
        Assert.That(pin.IsValid, Is.True);
        Assert.That(pin.Handle, Is.EqualTo(folio.Handle));
        Assert.That(pin.Bytes.Length, Is.EqualTo(8192));
        Assert.That(pin.Bytes.IndexOfAnyExcept((byte)7), Is.EqualTo(-1));
        pin.Dispose();
        Assert.That(Reported, Is.Empty);
    }

    [Test]
    public void TheDefaultPinPinsNothing()
    {
        FolioPin none = default;
        Assert.That(none.IsValid, Is.False);
        Assert.DoesNotThrow(() => default(FolioPin).Dispose());
        Assert.Throws<InvalidOperationException>(() => _ = default(FolioPin).Bytes.Length);
        Assert.Throws<InvalidOperationException>(() => _ = default(FolioPin).Handle);
    }

    [Test]
    public void L3_AHandleWhoseFolioIsGoneOrFrozenIsNotDistributed()
    {
        var gone = Freed();
        Assert.That(Folios.TryDistribute(gone, out var none), Is.False);
        Assert.That(none, Is.Null);
        Assert.That(Folios.Distribute(gone, out none), Is.EqualTo(FolioOutcome.Stale));
        Assert.That(Folios.TryDistribute(default, out _), Is.False);
        using var folio = Folios.Allocate(new PageOrder(0));
        folio.TryFreeze(out var frozen);
        Assert.That(Folios.Distribute(folio.Handle, out none), Is.EqualTo(FolioOutcome.TryAgain));
        Assert.That(none, Is.Null);
        frozen.Unfreeze();
    }

    [Test]
    public void L2_ItKeepsTheFolioWhoeverElsePutsOrFreezes()
    {
        var folio = Folios.Allocate(new PageOrder(0));
        var handle = folio.Handle;
        var hot = Distributed(handle);
        Assert.That(folio.TryFreeze(out _), Is.False, "its reference is in the way of others' freezing");
        folio.Dispose();
        Assert.That(Folios.TryGet(handle, out var again), Is.True);
        again.Dispose();
        hot.Dispose();
        Assert.That(Folios.TryGet(handle, out _), Is.False, "it was the last");
        Assert.That(Pages.AllocatedFrames, Is.Zero);
    }

    [Test]
    public void L1_TheLastPinFreesTheFolio_OnItsThread_AndNotTheDisposal()
    {
        var hot = Distributed();
        using var pinned = new ManualResetEventSlim();
        using var disposed = new ManualResetEventSlim();
        var here = hot.TryPin(out var pin);
        using (new OtherThread(
            () =>
            {
                Assert.That(hot.TryPin(out var other), Is.True);
                pinned.Set();
                disposed.Wait();
                Assert.That(other.Bytes[0], Is.Zero, "L2: still there");
                other.Dispose();
            },
            join: false))
        {
            pinned.Wait();
            hot.Dispose();
            Assert.That(hot.Pin(out _), Is.EqualTo(FolioOutcome.Stale));
            disposed.Set();
        }

        Assert.That(Folios.Statistics.Freed, Is.Zero);
        Assert.That(here && pin.Bytes.Length == 4096, Is.True, "L2: still there");
        pin.Dispose();
        Assert.That(Folios.Statistics.Freed, Is.EqualTo(1));
        Assert.That(Reported, Is.Empty);
    }

    [Test]
    public void ADisposedOneIsNeverPinnedAgain_AlsoByThreadsThatComeLater()
    {
        var hot = Distributed();
        Come(hot);
        hot.Dispose();
        Assert.That(hot.TryPin(out var pin), Is.False);
        Assert.That(pin.IsValid, Is.False);
        Assert.That(hot.TryFreeze(out _), Is.False);
        using var other = new OtherThread(() => Assert.That(hot.Pin(out _), Is.EqualTo(FolioOutcome.Stale)));
    }

    [Test]
    public void Hazard30_ASecondDisposalIsReportedAndDoesNothing()
    {
        using var folio = Folios.Allocate(new PageOrder(0));
        var hot = Distributed(folio.Handle);
        hot.Dispose();
        hot.Dispose();
        Assert.That(Reported, Is.EqualTo(new[] { ViolationKind.DoubleDispose }));
        Assert.That(folio.Bytes.Length, Is.EqualTo(4096), "the other reference is there");
        Assert.That(folio.TryFreeze(out var frozen), Is.True, "and is the only one");
        frozen.Unfreeze();
    }

    [Test]
    public void APinEndedTwiceIsToldWhenTheSlotsAreSummed_AndNobodyElsePaysForIt()
    {
        using var hot = Distributed();
        Assert.That(hot.TryPin(out var pin), Is.True);
        pin.Dispose();
        pin.Dispose();
        Assert.That(Reported, Is.Empty, "in the slot it can't be told");
        Assert.That(hot.TryFreeze(out _), Is.False);
        Assert.That(Reported, Is.EqualTo(new[] { ViolationKind.SurplusPut }));
        Assert.That(hot.TryPin(out var next), Is.True);
        Assert.That(hot.TryFreeze(out _), Is.False, "L2: a pin made later counts");
        next.Dispose();
        Assert.That(hot.TryFreeze(out var frozen), Is.True);
        next.Dispose();
        Assert.That(Reported, Has.Count.EqualTo(2), "what is frozen nobody pins");
        Assert.Throws<ObjectDisposedException>(() => ReadAgain(hot));
        frozen.Unfreeze();
        Assert.That(hot.TryFreeze(out frozen), Is.True, "and that one took nothing");
        frozen.Unfreeze();

        static void ReadAgain(DistributedFolio hot) => _ = hot.Bytes.Length;
    }

    [Test]
    public void L1_APinEndedTwiceIsToldByTheDisposal_OrAfterIt()
    {
        var hot = Distributed();
        hot.TryPin(out var pin);
        pin.Dispose();
        pin.Dispose();
        hot.Dispose();
        Assert.That(Reported, Is.EqualTo(new[] { ViolationKind.SurplusPut }));
        Assert.That(Folios.Statistics.Freed, Is.EqualTo(1), "freed all the same");
        pin.Dispose();
        Assert.That(Reported, Is.EqualTo(new[] { ViolationKind.SurplusPut, ViolationKind.SurplusPut }));
        Assert.That(Folios.Statistics.Freed, Is.EqualTo(1));
        var gone = false;
        try
        {
            _ = pin.Bytes.Length;
        }
        catch (ObjectDisposedException)
        {
            gone = true;
        }

        Assert.That(gone, Is.True, "nobody can hold a pin now");
    }

    [Test]
    public void Hazard22_AThreadThatEndsLeavesItsBalanceBehind()
    {
        var hot = Distributed();
        using (new OtherThread(() =>
        {
            // Made before the sum and ended after it: the slot has -1 and the shared count 1.
            Assert.That(hot.TryPin(out var pin), Is.True);
            Assert.That(hot.TryFreeze(out _), Is.False);
            pin.Dispose();
        }))
        {
        }

        hot.Slots.DrainEnded();
        Assert.That(hot.TryFreeze(out var frozen), Is.True);
        frozen.Unfreeze();
        hot.Dispose();
        Assert.That(Folios.Statistics.Alive, Is.Zero);
        Assert.That(Reported, Is.Empty);
    }

    [Test]
    public void AThreadThatEndsWithAPinKeepsTheFolio()
    {
        var hot = Distributed();
        using (new OtherThread(() => hot.TryPin(out _)))
        {
        }

        Assert.That(hot.TryFreeze(out _), Is.False);
        hot.Dispose();
        Assert.That(Folios.Statistics.Alive, Is.EqualTo(1), "which the runtime reports when it is disposed");
    }

    [Test]
    public void OneThatIsDroppedKeepsItsFolioAndHarmsNothing()
    {
        var handle = Drop();
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(Folios.TryGet(handle, out var folio), Is.True);
        Assert.That(folio.Bytes[0], Is.EqualTo(5));
        folio.Dispose();
        Assert.That(Folios.Statistics.Alive, Is.EqualTo(1));
        using var another = Distributed();
        Come(another);
        Assert.That(Reported, Is.Empty);
    }

    [Test]
    public void TwoOfOneFolioDontKnowOfEachOther()
    {
        var first = Distributed();
        var second = Distributed(first.Handle);
        Come(first);
        Come(second);
        Assert.That(first.TryFreeze(out _), Is.False, "the other's reference");
        first.Dispose();
        Assert.That(first.Pin(out _), Is.EqualTo(FolioOutcome.Stale));
        Come(second);
        second.Dispose();
        Assert.That(Folios.Statistics.Alive, Is.Zero);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private FolioHandle Drop()
    {
        var hot = Distributed();
        hot.TryFreeze(out var frozen);
        frozen.Bytes.Fill(5);
        frozen.Unfreeze();
        Come(hot);
        return hot.Handle;
    }
}
