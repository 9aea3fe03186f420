using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Folios;

/// <summary>A distributed folio that somebody wants for himself: frozen, unfrozen, freed, split, and waited for.</summary>
[TestFixture(32)]
[TestFixture(3)]
public class DistributedFolioFreezingTests(int generationBits) : FolioFixture(generationBits)
{
    [Test]
    public void WhileItIsFrozenAPinSaysTryAgain_AndSeesTheChangeAfterwards()
    {
        using var hot = Distributed();
        Come(hot);
        Assert.That(hot.TryFreeze(out var frozen), Is.True);
        Assert.That(hot.Pin(out var pin), Is.EqualTo(FolioOutcome.TryAgain));
        Assert.That(pin.IsValid, Is.False);
        Assert.That(Folios.Get(hot.Handle, out _), Is.EqualTo(FolioOutcome.TryAgain));
        using (new OtherThread(() => Assert.That(hot.Pin(out _), Is.EqualTo(FolioOutcome.TryAgain), "also who comes for the first time")))
            Assert.That(hot.TryFreeze(out _), Is.False, "it is frozen already");
        frozen.Bytes.Fill(9);
        frozen.Unfreeze();
        Assert.That(hot.Pin(out pin), Is.EqualTo(FolioOutcome.Done));
        Assert.That(pin.Bytes[100], Is.EqualTo(9));
        pin.Dispose();
        Assert.That(Reported, Is.Empty);
    }

    [Test]
    public void L2_WhatIsPinnedIsNotFrozen_AndTheThreadsPinOn()
    {
        using var hot = Distributed();
        using var other = new OtherThread(() => Come(hot));
        for (var i = 0; i < 3; i++)
        {
            Assert.That(hot.TryPin(out var pin), Is.True);
            Assert.That(hot.TryFreeze(out _), Is.False, "pinned once");
            Assert.That(hot.TryPin(out var second), Is.True);
            Assert.That(hot.TryFreeze(out _), Is.False, "pinned twice, once before the sum");
            pin.Dispose();
            Assert.That(hot.TryFreeze(out _), Is.False, "pinned once again");
            second.Dispose();
            Assert.That(hot.TryFreeze(out var frozen), Is.True);
            frozen.Unfreeze();
        }

        Assert.That(Reported, Is.Empty);
    }

    [Test]
    public void Hazard11_AnotherReferenceMakesAFreezeFail_UnlessItIsTheCallers()
    {
        using var folio = Folios.Allocate(new PageOrder(0));
        using var hot = Distributed(folio.Handle);
        Assert.That(hot.TryFreeze(out var none), Is.False);
        Assert.That(none.Handle, Is.EqualTo(default(FolioHandle)));
        Assert.That(hot.TryFreeze(out var frozen, references: 1), Is.True);
        frozen.Unfreeze();
        Come(hot);
        Assert.That(Folios.TryGet(folio.Handle, out var again), Is.True, "references are references again");
        again.Dispose();
    }

    [Test]
    public void TheOwnersHoldStaysOverAFreeze()
    {
        var handle = Folios.Rent(new PageOrder(0));
        var hot = Distributed(handle);
        Assert.That(hot.TryFreeze(out var frozen), Is.True);
        frozen.Unfreeze();
        hot.Dispose();
        Assert.That(Folios.TryReturn(handle), Is.True);
    }

    [Test]
    public void WithPatienceAFreezeWaitsForPins()
    {
        using var hot = Distributed();
        using var pinned = new ManualResetEventSlim();
        using (new OtherThread(
            () =>
            {
                Assert.That(hot.TryPin(out var pin), Is.True);
                pinned.Set();

                WaitForAFreezer(hot);
                pin.Dispose();
            },
            join: false))
        {
            pinned.Wait();
            Assert.That(hot.TryFreeze(out var frozen, patience: Timeout.InfiniteTimeSpan), Is.True);
            frozen.Unfreeze();
        }

        Assert.That(hot.TryPin(out var own), Is.True);
        Assert.That(hot.TryFreeze(out _, patience: TimeSpan.FromMilliseconds(1)), Is.False, "patience has an end");
        own.Dispose();
    }

    [Test]
    public void DisposingEndsAFreezersPatience()
    {
        var hot = Distributed();
        Assert.That(hot.TryPin(out var pin), Is.True);
        using (new OtherThread(() => Assert.That(hot.TryFreeze(out _, patience: Timeout.InfiniteTimeSpan), Is.False), join: false))
        {
            WaitForAFreezer(hot);
            hot.Dispose();
        }

        pin.Dispose();
        Assert.That(Folios.Statistics.Alive, Is.Zero);
        Assert.That(Reported, Is.Empty);
    }

    [Test]
    public void ArgumentsOutOfRangeAreRefused()
    {
        using var hot = Distributed();
        Assert.Throws<ArgumentOutOfRangeException>(() => hot.TryFreeze(out _, references: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => hot.TryFreeze(out _, patience: TimeSpan.FromSeconds(-2)));
        Come(hot);
    }

    [Test]
    public void L1_FreedWhileFrozenItIsGone()
    {
        var hot = Distributed();
        Come(hot);
        hot.TryFreeze(out var frozen);
        frozen.Free();
        Assert.That(hot.Pin(out _), Is.EqualTo(FolioOutcome.Stale));
        Assert.That(Folios.Statistics.Alive, Is.Zero);
        hot.Dispose();
        Assert.That(Reported, Is.EqualTo(new[] { ViolationKind.DoubleDispose }), "its reference went with the folio");
        Assert.That(Folios.Statistics.Freed, Is.EqualTo(1));
    }

    [Test]
    public void SplitWhileFrozenItIsGone()
    {
        var hot = Distributed(order: 1);
        hot.TryFreeze(out var frozen);
        var parts = new FolioHandle[2];
        Assert.That(frozen.Split(new PageOrder(0), parts), Is.EqualTo(FolioOutcome.Done));
        Assert.That(hot.Pin(out _), Is.EqualTo(FolioOutcome.Stale));
        Array.ForEach(parts, Folios.Return);
    }

    [Test]
    public void DisposedWhileFrozenItIsReportedAndNothingElse()
    {
        var hot = Distributed();
        hot.TryFreeze(out var frozen);
        hot.Dispose();
        Assert.That(Reported, Is.EqualTo(new[] { ViolationKind.FrozenReturn }));
        frozen.Unfreeze();
        Come(hot);
        hot.Dispose();
        Assert.That(Folios.Statistics.Alive, Is.Zero);
    }

    /// <summary>Nobody gets a pin once a freezer waits.</summary>
    private static void WaitForAFreezer(DistributedFolio hot) => SpinWait.SpinUntil(() =>
    {
        var outcome = hot.Pin(out var another);
        another.Dispose();
        return outcome == FolioOutcome.TryAgain;
    });
}
