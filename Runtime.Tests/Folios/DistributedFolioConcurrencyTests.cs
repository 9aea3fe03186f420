using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Folios;

/// <summary>Real threads that pin one folio while others freeze and dispose it.</summary>
[TestFixture(32)]
[TestFixture(3)]
public class DistributedFolioConcurrencyTests(int generationBits) : FolioFixture(generationBits)
{
    private const int Threads = 4;
    private const int Rounds = 150;
    private const int PinsARound = 400;

    [Test]
    public void Hazard34_L2_NobodySeesAChangeUnderAPin_AndEveryFolioIsFreedOnce()
    {
        long pins = 0;
        long freezes = 0;
        for (var round = 0; round < Rounds / 10; round++)
        {
            var hot = Distributed();
            TestThreads.Run(Threads, thread =>
            {
                for (var i = 0; i < PinsARound; i++)
                {
                    if (thread == 0 && hot.TryFreeze(out var frozen, patience: i % 2 == 0 ? TimeSpan.FromMilliseconds(5) : TimeSpan.Zero))
                    {
                        frozen.Bytes.Fill((byte)i);
                        frozen.Unfreeze();
                        freezes++;
                    }

                    Interlocked.Add(ref pins, PinAndLook(hot) ? 1 : 0);
                }
            });
            Assert.That(hot.TryFreeze(out var last), Is.True, "nobody pins it any more");
            last.Unfreeze();
            hot.Dispose();
            Assert.That(Folios.Statistics.Alive, Is.Zero);
        }

        Assert.That(Reported, Is.Empty);
        Assert.That(pins, Is.Positive);
        Assert.That(freezes, Is.Positive);
        TestContext.Out.WriteLine($"{pins} pins, {freezes} freezes");
    }

    [Test]
    public void L1_DisposedUnderPinsTheFolioIsFreedOnce_ByTheLast()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var hot = Distributed();
            var handle = hot.Handle;
            TestThreads.Run(Threads, thread =>
            {
                if (thread == 0)
                    hot.Dispose();
                else
                    PinUntilItIsGone(hot);
            });
            Assert.That(Folios.Get(handle, out _), Is.EqualTo(FolioOutcome.Stale), "L3");
            Assert.That(Folios.Statistics.Freed, Is.EqualTo(round + 1));
            Assert.That(Pages.AllocatedFrames, Is.Zero);
        }

        Assert.That(Reported, Is.Empty);
    }

    [Test]
    public void Hazard30_OfRacingDisposalsOneTakesEffect()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var hot = Distributed();
            TestThreads.Run(Threads, _ =>
            {
                if (hot.TryPin(out var pin))
                    pin.Dispose();
                hot.Dispose();
            });
            Assert.That(Folios.Statistics.Alive, Is.Zero);
        }

        Assert.That(Reported.Count(kind => kind == ViolationKind.DoubleDispose), Is.EqualTo(Rounds * (Threads - 1)));
        Assert.That(Reported, Has.Count.EqualTo(Rounds * (Threads - 1)));
    }

    [Test]
    public void Hazard32_AThousandThreadsThatComeAndEndLeaveNothingBehind()
    {
        const int Waves = 125;
        const int AWave = 8;
        var hot = Distributed();
        var most = 0L;
        for (var wave = 0; wave < Waves; wave++)
        {
            TestThreads.Run(AWave, thread =>
            {
                for (var i = 0; i < 10; i++)
                    PinAndLook(hot);
                if (thread == 0 && hot.TryFreeze(out var frozen))
                    frozen.Unfreeze();
            });
            most = Math.Max(most, hot.Slots.StackCount);
        }

        Assert.That(most, Is.LessThan(Waves * AWave / 10), "slots are used again");
        Assert.That(hot.TryFreeze(out var last), Is.True, "and no balance is lost");
        last.Unfreeze();
        hot.Dispose();
        Assert.That(Folios.Statistics.Alive, Is.Zero);
        Assert.That(Reported, Is.Empty);
    }

    [Test]
    public void SlotsOfDifferentThreadsShareNoLine()
    {
        using var hot = Distributed();
        var addresses = new List<long>();
        using var all = new CountdownEvent(Threads);
        TestThreads.Run(Threads, _ =>
        {
            Assert.That(hot.TryPin(out var pin), Is.True);
            lock (addresses)
                addresses.Add(pin.Slot.Address);
            pin.Dispose();
            all.Signal();
            all.Wait();
        });
        Assert.That(addresses.Select(address => address / CacheLine.PaddingBytes), Is.Unique, "nor two lines that are fetched together");
    }

    private static void PinUntilItIsGone(DistributedFolio hot)
    {
        while (hot.TryPin(out var pin))
        {
            var first = pin.Bytes[0];
            Assert.That(pin.Bytes[^1], Is.EqualTo(first), "L2");
            pin.Dispose();
        }
    }

    private static bool PinAndLook(DistributedFolio hot)
    {
        if (!hot.TryPin(out var pin))
            return false;
        var first = pin.Bytes[0];
        Thread.SpinWait(10);
        var same = pin.Bytes.IndexOfAnyExcept(first) < 0;
        pin.Dispose();
        Assert.That(same, Is.True, "L2: content changed under a pin");
        return true;
    }
}
