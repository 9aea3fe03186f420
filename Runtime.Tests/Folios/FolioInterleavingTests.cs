extern alias instrumented;

using FolioRuntime.Tests.Lifetimes;
using instrumented::FolioRuntime.Folios;
using instrumented::FolioRuntime.Lifetimes;
using instrumented::FolioRuntime.Pages;
using instrumented::FolioRuntime.Platform;
using instrumented::FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Folios;

/// <summary>Pairs of operations on folios, of the shipping source, the second run whole at every step of the first.</summary>
[TestFixture(32)]
[TestFixture(3)]
[NonParallelizable]
public class FolioInterleavingTests(int generationBits)
{
    private static readonly PageOrder s_single = new(0);
    private PageAllocator _pages = null!;
    private FolioAllocator _folios = null!;

    [Test]
    public void L1_AStaleGetThatEndsUpLastFreesTheFolioThatTookThePlace()
    {
        var schedules = Interloper.RunAll(() =>
        {
            var (old, now) = Recycle();
            return (() => Assert.That(_folios.TryGet(old, out _), Is.False), () => _folios.Return(now), RequireAllFree);
        });
        Assert.That(schedules, Is.GreaterThan(3));
    }

    [Test]
    public void L2_AFolioGotWhileItIsReturnedStaysUntilItIsPut([Values] bool getterIsSubject) =>
        Interloper.RunAll(() =>
        {
            Create();
            var handle = _folios.Rent(s_single);
            Action get = () =>
            {
                if (!_folios.TryGet(handle, out var folio))
                    return;
                Assert.That(_pages.AllocatedFrames, Is.EqualTo(1));
                folio.Dispose();
            };
            Action giveBack = () => _folios.Return(handle);
            return (getterIsSubject ? get : giveBack, getterIsSubject ? giveBack : get, RequireAllFree);
        });

    // A read's accesses: the table's limit, the word, the sequence; the copy; the barrier, the word, the sequence.
    // A change before the copy is read whole, one after it makes the read invalid, one after the read leaves the old content.
    [Test]
    public void Hazard16_AReadWithAChangeOfContentInsideIsNotValid() =>
        Assert.That(ReadAgainst(handle =>
        {
            _folios.TryGet(handle, out var folio);
            using (folio.BeginWrite())
                folio.Bytes.Fill(1);
            folio.Dispose();
        }), Is.EqualTo("1 TryAgain 0"));

    [Test]
    public void Hazard16_AReadWithAFreezeInsideIsNotValid() =>
        Assert.That(ReadAgainst(handle =>
        {
            _folios.TryGet(handle, out var folio);
            Assert.That(folio.TryFreeze(out var frozen), Is.True);
            frozen.Bytes.Fill(1);
            frozen.Unfreeze();
            folio.Dispose();
        }), Is.EqualTo("1 TryAgain 0"));

    // Once the word was found unchanged after the copy, the copy is the old folio's whole content, whatever follows.
    [Test]
    public void Hazard15_AReadWithARecyclingInsideIsNotValid() =>
        Assert.That(ReadAgainst(handle =>
        {
            _folios.Return(handle);
            var successor = _folios.Rent(s_single);
            Assert.That(successor.Frame, Is.EqualTo(handle.Frame));
            _folios.TryGet(successor, out var folio);
            folio.Bytes.Fill(1);
            folio.Dispose();
        }), Is.EqualTo("Stale 0"));

    [Test]
    public void L3_AGetAgainstASplitGetsTheWholeFolioOrNothing() =>
        Interloper.RunAll(() =>
        {
            Create();
            var whole = _folios.Rent(new PageOrder(2));
            var parts = new FolioHandle[4];
            var isSplit = false;
            return (
                () =>
                {
                    if (!_folios.TryGet(whole, out var folio))
                        return;
                    Assert.That(folio.Order.Value, Is.EqualTo(2));
                    folio.Dispose();
                }
            ,
                () =>
                {
                    _folios.TryGet(whole, out var folio);
                    isSplit = folio.TryFreeze(out var frozen);
                    if (isSplit)
                        Assert.That(frozen.Split(s_single, parts), Is.EqualTo(FolioOutcome.Done));
                    else
                        folio.Dispose();
                }
            ,
                () =>
                {
                    foreach (var handle in isSplit ? parts : [whole])
                        _folios.Return(handle);
                    RequireAllFree();
                }
            );
        });

    [Test]
    public void L7_AFolioIsNotToBeHadBeforeItIsReady()
    {
        Interloper.RunAll(() =>
        {
            var (_, now) = Recycle();
            _folios.Return(now);
            var next = new FolioHandle(now.Frame, now.Generation + 1);
            return (
                () => _folios.Allocate(s_single).Dispose(),
                () =>
                {
                    // Guesses the generation that is about to be published.
                    if (!_folios.TryGet(next, out var early))
                        return;
                    Assert.That(early.Bytes.IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
                    Assert.That(early.Flags, Is.EqualTo(FolioFlags.None));
                    early.Dispose();
                }
            ,
                RequireAllFree
            );
        });
    }

    /// <summary>What a read of a folio of zeros gives, with the change before its first access, its second, and so on: the byte it read, or why it failed.</summary>
    private string ReadAgainst(Action<FolioHandle> change)
    {
        var results = new List<string>();
        Interloper.RunAll(() =>
        {
            Create();
            var handle = _folios.Rent(s_single);
            return (
                () =>
                {
                    var destination = new byte[64];
                    var outcome = _folios.Read(handle, 0, destination);

                    // Equal neighbours are told once: a debug build's checks add accesses, and so schedules, but no other results.
                    var result = outcome == FolioOutcome.Done ? destination.Distinct().Single().ToString() : outcome.ToString();
                    if (results.LastOrDefault() != result)
                        results.Add(result);
                    Assert.That(outcome == FolioOutcome.Done || destination.All(value => value == 0), Is.True, "nothing unvalidated is exposed");
                }
            ,
                () => change(handle),
                () => { }
            );
        });
        return string.Join(' ', results);
    }

    private (FolioHandle Old, FolioHandle Now) Recycle()
    {
        Create();
        var old = _folios.Rent(s_single);
        _folios.TryGet(old, out var folio);
        folio.Bytes.Fill(0xEE);
        folio.SetFlags(FolioFlags.Dirty);
        folio.Dispose();
        _folios.Return(old);
        var now = _folios.Rent(s_single);
        Assert.That(now.Frame, Is.EqualTo(old.Frame));
        return (old, now);
    }

    private void RequireAllFree()
    {
        Assert.That(_pages.AllocatedFrames, Is.Zero);
        Assert.That(_folios.Statistics.Alive, Is.Zero);
        Assert.That(_pages.IsValid(), Is.True);
    }

    private void Create()
    {
        var memory = VirtualMemory.ForThisSystem();
        _pages = new PageAllocator(
            new PageArena(memory, memory, new PageArenaOptions { ReservationBytes = 4 << PageOrder.FrameShift, MaxOrder = 2 }),
            new PageAllocatorOptions { ThreadListCapacity = 0 });
        _folios = new FolioAllocator(_pages, new GenerationSpace(generationBits, 1), new ViolationLog(), new FolioAllocatorOptions());
    }
}
