using FolioRuntime.Folios;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Folios;

[TestFixture(32)]
[TestFixture(3)]
public class FolioFlagsTests(int generationBits) : FolioFixture(generationBits)
{
    [Test]
    public void FlagsAreSetAndClearedOneByOne_AndTellWhatWasThere()
    {
        using var folio = Folios.Allocate(new PageOrder(0));
        Assert.That(folio.SetFlags(FolioFlags.Dirty | FolioFlags.UpToDate), Is.EqualTo(FolioFlags.None));
        Assert.That(folio.SetFlags(FolioFlags.Dirty | FolioFlags.Writeback), Is.EqualTo(FolioFlags.Dirty | FolioFlags.UpToDate));
        Assert.That(folio.ClearFlags(FolioFlags.Dirty | FolioFlags.Referenced), Is.EqualTo(FolioFlags.Dirty | FolioFlags.UpToDate | FolioFlags.Writeback));
        Assert.That(folio.Flags, Is.EqualTo(FolioFlags.UpToDate | FolioFlags.Writeback));
    }

    [Test]
    public void TheLockKeepsOthersOut_AndUnlockingTwiceIsMisuse()
    {
        var folio = Folios.Allocate(new PageOrder(0));
        Assert.That(folio.TryLock(), Is.True);
        Assert.That(folio.TryLock(), Is.False);
        folio.Unlock();
        Assert.That(folio.TryLock(), Is.True);
        folio.Unlock();
        var thrown = false;
        try
        {
            folio.Unlock();
        }
        catch (InvalidOperationException)
        {
            thrown = true;
        }

        Assert.That(thrown, Is.True);
        folio.Dispose();
    }

    [Test]
    public void OnlyOneOfManyThreadsHasTheLock()
    {
        const int Threads = 4;
        const int Rounds = 20_000;
        var folio = Folios.Rent(new PageOrder(0));
        var inside = 0;
        long entered = 0;
        TestThreads.Run(Threads, _ =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                Folios.TryGet(folio, out var reference);
                if (reference.TryLock())
                {
                    Assert.That(Interlocked.Increment(ref inside), Is.EqualTo(1));
                    entered++;
                    Interlocked.Decrement(ref inside);
                    reference.Unlock();
                }

                reference.Dispose();
            }
        });
        Assert.That(entered, Is.InRange(1, Threads * Rounds));
        Folios.Return(folio);
    }

    [Test]
    public void ANewFolioHasNoFlagsOfTheLast()
    {
        var handle = Folios.Rent(new PageOrder(0));
        Folios.TryGet(handle, out var reference);
        reference.SetFlags(FolioFlags.Dirty | FolioFlags.Locked);
        reference.Dispose();
        Folios.Return(handle);
        var next = RentInPlaceOf(handle);
        Folios.TryGet(next, out reference);
        Assert.That(reference.Flags, Is.EqualTo(FolioFlags.None));
        reference.Dispose();
        Folios.Return(next);
    }
}
