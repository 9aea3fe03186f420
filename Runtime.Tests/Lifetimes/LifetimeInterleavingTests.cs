extern alias instrumented;

using NUnit.Framework;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;
using GenerationSpace = instrumented::FolioRuntime.Lifetimes.GenerationSpace;
using GetOutcome = instrumented::FolioRuntime.Lifetimes.GetOutcome;
using Lifetime = instrumented::FolioRuntime.Lifetimes.Lifetime;
using LifetimeWord = instrumented::FolioRuntime.Lifetimes.LifetimeWord;
using PutOutcome = instrumented::FolioRuntime.Lifetimes.PutOutcome;
using ReturnOutcome = instrumented::FolioRuntime.Lifetimes.ReturnOutcome;

namespace FolioRuntime.Tests.Lifetimes;

/// <summary>Pairs of operations of the shipping source, the second run whole at every step of the first: the races by name, on one thread.</summary>
[TestFixture(32)]
[TestFixture(3)]
[NonParallelizable]
public class LifetimeInterleavingTests(int generationBits)
{
    private readonly GenerationSpace _space = new(generationBits, 1);
    private ulong _word;
    private int _destroyed;

    private LifetimeWord Word => new(_word);

    [Test]
    public void Hazard01_APutStalledBeforeItsCasNeverEndsTheNextObject()
    {
        var schedules = Interloper.RunAll(() =>
        {
            var generation = Allocate();
            var next = 0u;
            return (
                () => Put(generation),
                () =>
                {
                    // Whoever revives and ends it meanwhile recycles it; the new holder stands before its own CAS with no references left.
                    if (TryGet(generation))
                        Put(generation);
                    if (_destroyed == 0)
                        return;
                    next = Lifetime.PublishReferenced(ref _word, _space);
                    _word = LifetimeWord.Referenced(next, 0).Bits;
                }
            ,
                () =>
                {
                    Assert.That(_destroyed, Is.EqualTo(1));
                    if (next != 0)
                        Assert.That(Word, Is.EqualTo(LifetimeWord.Referenced(next, 0)), "the next object is untouched");
                }
            );
        });
        Assert.That(schedules, Is.GreaterThanOrEqualTo(3));
    }

    [Test]
    public void Hazard02_TwoPutsDestroyOnce() =>
        Interloper.RunAll(() =>
        {
            var generation = Allocate(references: 2);
            return (() => Put(generation), () => Put(generation), () => RequireDestroyedOnce(generation));
        });

    [Test]
    public void L2_AGetThatSucceededHoldsTheObject_AtEveryStepOfThePutBesideIt() =>
        Interloper.RunAll(() =>
        {
            var generation = Allocate();
            var got = false;
            return (() => Put(generation), () => got = TryGet(generation), () =>
            {
                Assert.That(_destroyed, Is.EqualTo(got ? 0 : 1));
                Assert.That(Word.IsLiveAt(generation), Is.EqualTo(got));
                if (got)
                    Put(generation);
                RequireDestroyedOnce(generation);
            }
            );
        });

    [Test]
    public void L1_AMismatchedGetThatEndsUpHoldingTheLastReferenceDestroys()
    {
        var byGetter = 0;
        Interloper.RunAll(() =>
        {
            var old = Allocate();
            Put(old);
            _destroyed = 0;
            var generation = Lifetime.PublishReferenced(ref _word, _space);
            return (
                () =>
                {
                    var before = _destroyed;
                    Assert.That(TryGet(old), Is.False);
                    byGetter += _destroyed - before;
                }
            ,
                () => Put(generation),
                () => RequireDestroyedOnce(generation));
        });
        Assert.That(byGetter, Is.GreaterThanOrEqualTo(1), "in one schedule at least the getter was the last");
    }

    [Test]
    public void Hazard10_ASaturatedGetThatEndsUpHoldingTheLastReferenceDestroys()
    {
        var outcomes = new List<GetOutcome>();
        Interloper.RunAll(() =>
        {
            var generation = Allocate(LifetimeWord.ReferenceLimit);
            return (
                () =>
                {
                    var outcome = Lifetime.TryGet(ref _word, generation);
                    outcomes.Add(outcome);
                    if (outcome == GetOutcome.SaturatedMustDestroy)
                        _destroyed++;
                }
            ,
                () =>
                {
                    // All holders but one leave at once; the last one's put is a real one.
                    _word -= (LifetimeWord.ReferenceLimit - 1ul) << LifetimeWord.ReferenceShift;
                    Put(generation);
                }
            ,
                () => RequireDestroyedOnce(generation));
        });
        Assert.That(outcomes, Does.Contain(GetOutcome.SaturatedMustDestroy).And.Contain(GetOutcome.Saturated));
    }

    [Test]
    public void Hazard12_APublishAgainstAnInFlightGetKeepsExactlyItsOwnReference([Values] bool getterIsSubject) =>
        Interloper.RunAll(() =>
        {
            var old = Allocate();
            Put(old);
            Action get = () => Assert.That(TryGet(old), Is.False);
            Action publish = () => Lifetime.PublishReferenced(ref _word, _space);
            return (getterIsSubject ? get : publish, getterIsSubject ? publish : get, () =>
                Assert.That(Word, Is.EqualTo(LifetimeWord.Referenced(old + 1, 1))));
        });

    [Test]
    public void Hazard12_AnUnfreezeAgainstAnInFlightGetKeepsExactlyItsOwnReferences() =>
        Interloper.RunAll(() =>
        {
            var generation = Allocate();
            Lifetime.TryFreeze(ref _word, generation, 1);
            var got = false;
            return (() => got = TryGet(generation), () => Lifetime.Unfreeze(ref _word, generation, 1), () =>
                Assert.That(Word, Is.EqualTo(LifetimeWord.Referenced(generation, got ? 2u : 1u))));
        });

    [Test]
    public void Hazard11_AFreezeAgainstAGetIsEitherWholeOrNotAtAll() =>
        Interloper.RunAll(() =>
        {
            var generation = Allocate();
            var frozen = false;
            var got = false;
            return (() => frozen = Lifetime.TryFreeze(ref _word, generation, 1), () => got = TryGet(generation), () =>
            {
                Assert.That(frozen, Is.Not.EqualTo(got));
                Assert.That(Word.IsLive, Is.EqualTo(got));
            }
            );
        });

    [Test]
    public void Hazard11_AFreezeOfNoReferencesNeverTakesTheWordFromALastPut() =>
        Interloper.RunAll(() =>
        {
            var generation = Allocate();
            var frozen = false;
            return (() => Put(generation), () => frozen = Lifetime.TryFreeze(ref _word, generation, 0), () =>
            {
                Assert.That(frozen, Is.False);
                RequireDestroyedOnce(generation);
            }
            );
        });

    [Test]
    public void AReturnBesideAStaleLookup_LeavesTheObjectToWhoeverHoldsItForTheInstant() =>
        Interloper.RunAll(() =>
        {
            var first = Allocate();
            Put(first);
            _destroyed = 0;
            var second = Lifetime.PublishRented(ref _word, _space);
            var returned = ReturnOutcome.Stale;
            return (() => Assert.That(TryGet(first), Is.False), () =>
            {
                returned = Lifetime.Return(ref _word, second, Lifetime.Load(ref _word));
                if (returned == ReturnOutcome.MustDestroy)
                    _destroyed++;

                // Not destroyed yet: as long as the stale look-up has not put again, the object lives and its handle is good.
                Assert.That(TryGet(second), Is.EqualTo(returned == ReturnOutcome.Deferred));
                if (returned == ReturnOutcome.Deferred)
                    Put(second);
            }, () => RequireDestroyedOnce(second)
            );
        });

    [Test]
    public void Hazard05_EndingByOrInPlaceOfTheCasDestroysTwice_AndTheShippingPutOnce()
    {
        var destroyed = new List<int>();

        // The control: as the shipping put, but whoever reached 0 ends the life by setting a bit, which can't fail.
        void PutByOr(uint generation)
        {
            var after = new LifetimeWord(Atomics.Add(ref _word, LifetimeWord.MinusOneReference));
            if (!after.IsLiveAt(generation) || after.References != 0)
                return;
            Atomics.Or(ref System.Runtime.CompilerServices.Unsafe.As<ulong, uint>(ref _word), 1u << 31);
            _destroyed++;
        }

        void RunAgainstARevival(Action<uint> put) =>
            Interloper.RunAll(() =>
            {
                var generation = Allocate();
                return (() => put(generation), () =>
                {
                    if (TryGet(generation))
                        put(generation);
                }, () => destroyed.Add(_destroyed));
            });

        RunAgainstARevival(PutByOr);
        Assert.That(destroyed.Max(), Is.EqualTo(2), "the control fails");
        destroyed.Clear();
        RunAgainstARevival(Put);
        Assert.That(destroyed, Is.All.EqualTo(1));
    }

    [Test]
    public void L1_TwoReturnsEndOneHold() =>
        Interloper.RunAll(() =>
        {
            var generation = Rent();
            var succeeded = 0;
            Action giveBack = () =>
            {
                if (Return(generation))
                    succeeded++;
            };
            return (giveBack, giveBack, () =>
            {
                Assert.That(succeeded, Is.EqualTo(1));
                RequireDestroyedOnce(generation);
            }
            );
        });

    [Test]
    public void L2_AReturnBesideAGetAndItsPutDestroysOnceAndNeverUnderTheGetter([Values] bool getterIsSubject) =>
        Interloper.RunAll(() =>
        {
            var generation = Rent();
            Action use = () =>
            {
                if (!TryGet(generation))
                    return;
                Assert.That(_destroyed, Is.Zero);
                Put(generation);
            };
            Action giveBack = () => Return(generation);
            return (getterIsSubject ? use : giveBack, getterIsSubject ? giveBack : use, () => RequireDestroyedOnce(generation));
        });

    [Test]
    public void L7_PublicationIsOneReleaseStoreAndTheLastAccess()
    {
        var schedules = Interloper.RunAll(() =>
        {
            Reset();
            var got = GetOutcome.Got;
            return (() => Lifetime.PublishRented(ref _word, _space), () => got = Lifetime.TryGet(ref _word, 1), () =>
                Assert.That(got == GetOutcome.Got, Is.EqualTo(Word.References == 1), "got exactly if the get came after the store")
            );
        });

        // Before the load, before the store, after it.
        Assert.That(schedules, Is.EqualTo(3));
    }

    private uint Allocate(uint references = 1)
    {
        Reset();
        return Lifetime.PublishReferenced(ref _word, _space, references);
    }

    private uint Rent()
    {
        Reset();
        return Lifetime.PublishRented(ref _word, _space);
    }

    private void Reset()
    {
        _word = 0;
        _destroyed = 0;
    }

    private bool TryGet(uint generation)
    {
        var outcome = Lifetime.TryGet(ref _word, generation);
        if (outcome == GetOutcome.StaleMustDestroy)
            _destroyed++;
        return outcome == GetOutcome.Got;
    }

    private void Put(uint generation)
    {
        var outcome = Lifetime.Put(ref _word, generation);
        Assert.That(outcome, Is.Not.EqualTo(PutOutcome.Surplus));
        if (outcome == PutOutcome.MustDestroy)
            _destroyed++;
    }

    private bool Return(uint generation)
    {
        var outcome = Lifetime.Return(ref _word, generation, Lifetime.Load(ref _word));
        if (outcome == ReturnOutcome.MustDestroy)
            _destroyed++;
        return outcome is ReturnOutcome.MustDestroy or ReturnOutcome.Deferred;
    }

    private void RequireDestroyedOnce(uint generation)
    {
        Assert.That(_destroyed, Is.EqualTo(1));
        Assert.That((Word.Generation, Word.IsLive, Word.IsOwned), Is.EqualTo((generation + 1, false, false)));
    }
}
