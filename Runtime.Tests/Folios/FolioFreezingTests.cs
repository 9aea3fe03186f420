using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Folios;

/// <summary>Freeze, unfreeze, free while frozen, and split.</summary>
[TestFixture(32)]
[TestFixture(3)]
public class FolioFreezingTests(int generationBits) : FolioFixture(generationBits)
{
    [Test]
    public void AFrozenFolioSaysTryAgain_AndIsTheSameFolioAfterwards()
    {
        using var folio = Folios.Allocate(new PageOrder(1));
        Assert.That(folio.TryFreeze(out var frozen), Is.True);
        Assert.That(Folios.Get(folio.Handle, out _), Is.EqualTo(FolioOutcome.TryAgain));
        Assert.That(Folios.Read(folio.Handle, 0, new byte[8]), Is.EqualTo(FolioOutcome.TryAgain));
        Assert.That(Folios.Statistics.FrozenMet, Is.EqualTo(1));
        frozen.Bytes.Fill(3);
        frozen.Unfreeze();
        Assert.That(Folios.TryGet(folio.Handle, out var again), Is.True);
        Assert.That(again.Bytes[8191], Is.EqualTo(3));
        again.Dispose();
    }

    [Test]
    public void Hazard11_AnotherReferenceMakesAFreezeFail()
    {
        using var folio = Folios.Allocate(new PageOrder(0));
        Folios.TryGet(folio.Handle, out var other);
        Assert.That(folio.TryFreeze(out var none), Is.False);
        Assert.That(none.Handle, Is.EqualTo(default(FolioHandle)), "nothing is frozen");
        Assert.That(folio.TryFreeze(out var frozen, references: 2), Is.True, "unless it is the caller's too");
        frozen.Unfreeze();
        other.Dispose();
        Assert.That(folio.TryFreeze(out frozen), Is.True);
        frozen.Unfreeze();
    }

    [Test]
    public void AReturnOfAFrozenFolioIsRefused_AndMayBeDoneAfterwards()
    {
        var handle = Folios.Rent(new PageOrder(0));
        Folios.TryGet(handle, out var reference);
        Assert.That(reference.TryFreeze(out var frozen), Is.True);
        Assert.That(Folios.TryReturn(handle), Is.False);
        Assert.That(Reported, Is.EqualTo(new List<ViolationKind> { ViolationKind.FrozenReturn }));
        frozen.Unfreeze();
        reference.Dispose();
        Folios.Return(handle);
    }

    [Test]
    public void FreeingWhileFrozenEndsTheFolio_ItsReferencesAndItsOwnersHold()
    {
        var handle = Folios.Rent(new PageOrder(2));
        Folios.TryGet(handle, out var reference);
        reference.TryFreeze(out var frozen);
        Folios.TryGet(handle, out _);
        frozen.Free();
        Assert.That(Pages.AllocatedFrames, Is.Zero);
        Assert.That(Folios.Get(handle, out _), Is.EqualTo(FolioOutcome.Stale));
        Assert.That(Folios.TryReturn(handle), Is.False);
        reference.Dispose();
        Assert.That(Reported, Is.EqualTo(new List<ViolationKind> { ViolationKind.StaleReturn, ViolationKind.SurplusPut }), "neither is good any more, and both say so");
        Assert.That(EndsTwice(frozen), Is.True, "freed before");
    }

    [Test]
    public void AFrozenFolioIsEndedOnce()
    {
        using var folio = Folios.Allocate(new PageOrder(0));
        folio.TryFreeze(out var frozen);
        frozen.Unfreeze();
        Assert.That(EndsTwice(frozen), Is.True, "unfrozen before");
        Assert.That(Folios.TryGet(folio.Handle, out var reference), Is.True);
        reference.Dispose();
    }

    [Test]
    public void Hazard16_WhatIsChangedWhileFrozenInvalidatesReadsThatBeganBefore()
    {
        using var folio = Folios.Allocate(new PageOrder(0));
        ref var frame = ref Pages.Frames.Frame(folio.Handle.Frame);
        Assert.That(Lifetime.TryBeginRead(ref frame.Word, ref frame.Sequence, folio.Handle.Generation, out var sequence), Is.True);
        folio.TryFreeze(out var frozen);
        Assert.That(Lifetime.EndRead(ref frame.Word, ref frame.Sequence, folio.Handle.Generation, sequence), Is.False, "while frozen");
        frozen.Bytes[0] = 1;
        frozen.Unfreeze();
        Assert.That(Lifetime.EndRead(ref frame.Word, ref frame.Sequence, folio.Handle.Generation, sequence), Is.False, "and after");
    }

    [Test]
    public void SplitPartsAreNewFoliosWithTheContent_AndTheOldHandleIsStaleForEver([Range(0, 3)] int partOrder)
    {
        var folio = Folios.Allocate(new PageOrder(3));
        var old = folio.Handle;
        for (var i = 0; i < 8; i++)
            folio.Bytes.Slice(i << 12, 4096).Fill((byte)(i + 1));
        folio.SetFlags(FolioFlags.Dirty | FolioFlags.UpToDate | FolioFlags.Locked);
        Assert.That(folio.TryFreeze(out var frozen), Is.True);
        var parts = new FolioHandle[1 << (3 - partOrder)];
        Assert.That(frozen.Split(new PageOrder(partOrder), parts), Is.EqualTo(FolioOutcome.Done));

        Assert.That(Folios.Get(old, out _), Is.EqualTo(FolioOutcome.Stale), "also for the first part, which has its frame");
        Assert.That(parts[0], Is.Not.EqualTo(old));
        for (var i = 0; i < parts.Length; i++)
        {
            Assert.That(Folios.TryGet(parts[i], out var part), Is.True);
            Assert.That(part.Order.Value, Is.EqualTo(partOrder));
            Assert.That(part.Bytes[0], Is.EqualTo((i << partOrder) + 1));
            Assert.That(part.Flags, Is.EqualTo(FolioFlags.Dirty | FolioFlags.UpToDate));
            part.Dispose();
        }

        Assert.That(Folios.Statistics.Alive, Is.EqualTo(parts.Length));
        foreach (var part in parts)
            Folios.Return(part);
        Assert.That(Pages.AllocatedFrames, Is.Zero);
        Assert.That(Pages.Snapshot().FreeBlocksByOrder[4], Is.EqualTo(1), "and coalesce again");
    }

    /// <summary>Of four frames, into two parts: the heads are the first and the third.</summary>
    [TestCase(1, FolioOutcome.Done)]
    [TestCase(2, FolioOutcome.Worn)]
    [TestCase(3, FolioOutcome.Done)]
    [TestCase(4, FolioOutcome.Done)]
    public void OnlyAHeadWhoseGenerationsAreSpentForbidsASplit(int frame, FolioOutcome outcome)
    {
        var folio = Folios.Allocate(new PageOrder(2));
        var handle = folio.Handle;
        ref var word = ref Pages.Frames.Frame(handle.Frame + (uint)frame).Word;
        var before = word;
        folio.TryFreeze(out var frozen);
        word = Generations.Retired;
        var parts = new FolioHandle[2];
        Assert.That(frozen.Split(new PageOrder(1), parts), Is.EqualTo(outcome));
        word = before;
        if (outcome == FolioOutcome.Done)
        {
            Folios.Return(parts[0]);
            Folios.Return(parts[1]);
        }
        else
        {
            frozen.Free();
        }
    }

    [Test]
    public void ASplitThatCannotBeLeavesTheFolioFrozenAsItWas()
    {
        using var folio = Folios.Allocate(new PageOrder(2));
        folio.TryFreeze(out var frozen);
        RequireThrows<ArgumentException>(frozen, new PageOrder(0), room: 3);
        RequireThrows<ArgumentOutOfRangeException>(frozen, new PageOrder(3), room: 8);
        RequireThrows<ArgumentOutOfRangeException>(frozen, new PageOrder(-1), room: 8);
        frozen.Unfreeze();
        Assert.That(Folios.TryGet(folio.Handle, out var reference), Is.True);
        reference.Dispose();

        static void RequireThrows<TException>(FrozenFolio frozen, PageOrder order, int room)
            where TException : Exception
        {
            var thrown = false;
            try
            {
                frozen.Split(order, new FolioHandle[room]);
            }
            catch (TException)
            {
                thrown = true;
            }

            Assert.That(thrown, Is.True);
        }
    }

    [Test]
    public void Hazard09_AFolioWhosePartsHaveSpentGenerationsIsNotSplit([Values] bool head)
    {
        var folio = Folios.Allocate(new PageOrder(1));
        ref var word = ref Pages.Frames.Frame(folio.Handle.Frame + (head ? 0u : 1u)).Word;
        var handle = folio.Handle;
        if (head)
        {
            handle = new FolioHandle(handle.Frame, Generations.Last);
            word = LifetimeWord.Referenced(Generations.Last, 1).Bits;
        }
        else
        {
            word = Generations.Retired;
        }

        Assert.That(Folios.TryGet(handle, out folio), Is.True);
        Assert.That(folio.TryFreeze(out var frozen, references: 2), Is.True);
        Assert.That(frozen.Split(new PageOrder(0), new FolioHandle[2]), Is.EqualTo(FolioOutcome.Worn));
        frozen.Free();
        Assert.That(Pages.AllocatedFrames, Is.Zero);
    }

    private static bool EndsTwice(FrozenFolio frozen)
    {
        try
        {
            frozen.Unfreeze();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
