using FolioRuntime.Folios;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Folios;

/// <summary>Real threads over a few frames that change hands and sizes all the time.</summary>
[TestFixture(32)]
[TestFixture(8)]
[TestFixture(3)]
public class FolioConcurrencyTests(int generationBits) : FolioFixture(generationBits)
{
    private const int Threads = 4;
    private const int Operations = 15_000;
    private readonly ulong[] _published = new ulong[6];

    [Test]
    public void Hazard01_Hazard02_Hazard03_WhatIsGotIsTheHandlesOwnFolio_AndEveryFolioIsFreedOnce()
    {
        Create(frames: 16, maxOrder: 2, threadListCapacity: 2);
        Array.Clear(_published);
        long got = 0;
        TestThreads.Run(Threads, thread =>
        {
            var random = new Random(1000 + thread);
            var remembered = new ulong[16];
            for (var i = 0; i < Operations; i++)
            {
                if (random.Next(3) == 0)
                    Replace(random);
                else
                    Interlocked.Add(ref got, GetAndCheck(random, remembered) ? 1 : 0);
            }
        });
        foreach (var packed in _published)
        {
            if (packed == 0)
                continue;
            Folios.TryReturn(Unpack(packed));

            // Few generations may be spent before the threads meet at all, so that none of them had a stale handle.
            Assert.That(Folios.TryGet(Unpack(packed), out _), Is.False, "L3");
        }

        var now = Folios.Statistics;
        Assert.That(now.Alive, Is.Zero);
        Assert.That(Pages.AllocatedFrames, Is.Zero);
        Assert.That(got, Is.GreaterThan(0));
        Assert.That(now.StaleRejected, Is.GreaterThan(0));
        TestContext.Out.WriteLine($"{now}; {got} got; {Pages.Snapshot()}");
    }

    [Test]
    public void Hazard11_FreezesSplitsAndGetsAtOnceLoseNothing()
    {
        Create(frames: 16, maxOrder: 2);
        Array.Clear(_published);
        TestThreads.Run(Threads, thread =>
        {
            var random = new Random(2000 + thread);
            var remembered = new ulong[16];
            var parts = new FolioHandle[4];
            for (var i = 0; i < Operations / 3; i++)
            {
                if (random.Next(2) == 0)
                    GetAndCheck(random, remembered);
                else if (Folios.TryAllocate(new PageOrder(2), out var folio))
                    Freeze(folio, random, parts);
            }
        });
        Assert.That(Folios.Statistics.Alive, Is.Zero);
        Assert.That(Pages.AllocatedFrames, Is.Zero);
    }

    private void Freeze(FolioReference folio, Random random, FolioHandle[] parts)
    {
        StampWith(folio, folio.Handle);
        Volatile.Write(ref _published[random.Next(_published.Length)], Pack(folio.Handle));
        FrozenFolio frozen;
        var wait = default(SpinWait);

        // Ends: whoever got it puts it.
        while (!folio.TryFreeze(out frozen))
            wait.SpinOnce();
        if (random.Next(3) == 0)
        {
            frozen.Unfreeze();
            folio.Dispose();
        }
        else if (random.Next(2) == 0 || frozen.Split(new PageOrder(0), parts) != FolioOutcome.Done)
        {
            frozen.Free();
        }
        else
        {
            foreach (var part in parts)
                Folios.Return(part);
        }
    }

    /// <summary>Puts a new folio where an old one was published, whose hold it ends: its last getter frees it.</summary>
    private void Replace(Random random)
    {
        if (!Folios.TryRent(new PageOrder(random.Next(3)), out var handle))
            return;
        Assert.That(Folios.TryGet(handle, out var folio), Is.True);
        StampWith(folio, handle);
        folio.Dispose();
        var old = Interlocked.Exchange(ref _published[random.Next(_published.Length)], Pack(handle));
        if (old != 0)
            Folios.Return(Unpack(old));
    }

    /// <summary>Uses a handle that is published now, or one that this thread saw some time ago.</summary>
    private bool GetAndCheck(Random random, ulong[] remembered)
    {
        ref var memory = ref remembered[random.Next(remembered.Length)];
        if (random.Next(2) == 0)
            memory = Volatile.Read(ref _published[random.Next(_published.Length)]);
        var packed = memory;
        var handle = Unpack(packed);
        if (packed == 0 || !Folios.TryGet(handle, out var folio))
            return false;
        Assert.That(BitConverter.ToUInt64(folio.Bytes), Is.EqualTo(packed), "L2, L3: this very folio");
        Assert.That(BitConverter.ToUInt64(folio.Bytes[^8..]), Is.EqualTo(packed));
        folio.Dispose();
        return true;
    }

    private static void StampWith(FolioReference folio, FolioHandle handle)
    {
        BitConverter.TryWriteBytes(folio.Bytes, Pack(handle));
        BitConverter.TryWriteBytes(folio.Bytes[^8..], Pack(handle));
    }

    private static ulong Pack(FolioHandle handle) => ((ulong)handle.Frame << 32) | handle.Generation;

    private static FolioHandle Unpack(ulong packed) => new((uint)(packed >> 32), (uint)packed);
}
