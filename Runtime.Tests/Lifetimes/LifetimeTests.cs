using FolioRuntime.Lifetimes;
using NUnit.Framework;

namespace FolioRuntime.Tests.Lifetimes;

/// <summary>Every operation and every invariant of the lifetime word, one thread at a time.</summary>
[TestFixture(32)]
[TestFixture(3)]
public partial class LifetimeTests(int generationBits)
{
    private readonly GenerationSpace _space = new(generationBits, 1);
    private ulong _word;

    private LifetimeWord Word => new(_word);

    [SetUp]
    public void FreshWord() => _word = 0;

    [Test]
    public void L1_AReferencedObjectIsDestroyedByItsLastPut()
    {
        var generation = Lifetime.PublishReferenced(ref _word, _space, references: 3);
        Assert.Multiple(() =>
        {
            Assert.That(Lifetime.Put(ref _word, generation), Is.EqualTo(PutOutcome.Dropped));
            Assert.That(Lifetime.Put(ref _word, generation), Is.EqualTo(PutOutcome.Dropped));
            Assert.That(Lifetime.Put(ref _word, generation), Is.EqualTo(PutOutcome.MustDestroy));
            Assert.That(Word, Is.EqualTo(LifetimeWord.Dead(generation + 1)));
        });
    }

    [Test]
    public void L1_ARentedObjectIsDestroyedByReturn_OrByTheLastPutAfterIt()
    {
        var first = Lifetime.PublishRented(ref _word, _space);
        Assert.That(Return(first), Is.EqualTo(ReturnOutcome.MustDestroy));
        var second = Lifetime.PublishRented(ref _word, _space);
        Assert.Multiple(() =>
        {
            Assert.That(Lifetime.TryGet(ref _word, second), Is.EqualTo(GetOutcome.Got));
            Assert.That(Return(second), Is.EqualTo(ReturnOutcome.Deferred));
            Assert.That(Return(second), Is.EqualTo(ReturnOutcome.NotOwned), "a second return takes nobody's reference");
            Assert.That(Lifetime.Put(ref _word, second), Is.EqualTo(PutOutcome.MustDestroy));
            Assert.That(Return(second), Is.EqualTo(ReturnOutcome.Stale));
        });
    }

    [Test]
    public void L1_APutDoesNotDestroyWhatIsOwned()
    {
        var generation = Lifetime.PublishRented(ref _word, _space);
        Lifetime.TryGet(ref _word, generation);
        Assert.That(Lifetime.Put(ref _word, generation), Is.EqualTo(PutOutcome.Dropped));
        Assert.That(Return(generation), Is.EqualTo(ReturnOutcome.MustDestroy));
    }

    [Test]
    public void L2_AReferenceKeepsTheObjectThroughEveryMisuseOfReturn()
    {
        var generation = Lifetime.PublishRented(ref _word, _space);
        Lifetime.TryGet(ref _word, generation);
        for (var i = 0; i < 10; i++)
        {
            Return(generation);
            Return(generation + 1);
            Assert.That(Word.IsLiveAt(generation), Is.True);
        }

        Assert.That(Lifetime.Put(ref _word, generation), Is.EqualTo(PutOutcome.MustDestroy));
    }

    [Test]
    public void L3_AHandleOfAFreedObjectNeverSucceedsAgain()
    {
        var issued = new List<uint>();
        while (!_space.IsRetired(Word) && issued.Count < 200)
        {
            var generation = Lifetime.PublishRented(ref _word, _space);
            Assert.That(issued, Does.Not.Contain(generation));
            foreach (var old in issued)
                RequireRejected(old);
            Assert.That(Return(generation), Is.EqualTo(ReturnOutcome.MustDestroy));
            issued.Add(generation);
            foreach (var old in issued)
                RequireRejected(old);
        }

        Assert.That(issued, Has.Count.EqualTo(generationBits == 3 ? 6 : 200));
    }

    [Test]
    public void L4_FailedOperationsLeaveALiveWordAsItWas()
    {
        Lifetime.PublishRented(ref _word, _space);
        Return(1);
        var generation = Lifetime.PublishRented(ref _word, _space);
        Lifetime.TryGet(ref _word, generation);
        var before = Word;
        Assert.Multiple(() =>
        {
            Assert.That(Lifetime.TryGet(ref _word, 1), Is.EqualTo(GetOutcome.Stale));
            Assert.That(Lifetime.TryGet(ref _word, generation + 1), Is.EqualTo(GetOutcome.Stale));
            Assert.That(Return(1), Is.EqualTo(ReturnOutcome.Stale));
            Assert.That(Lifetime.TryFreeze(ref _word, generation, 0), Is.False);
            Assert.That(Lifetime.TryFreeze(ref _word, generation, 2), Is.False);
            Assert.That(Lifetime.TryFreeze(ref _word, 1, 1), Is.False);
            Assert.That(Lifetime.Put(ref _word, 1), Is.EqualTo(PutOutcome.Surplus), "of another generation");
            Assert.That(Lifetime.ReturnExclusive(ref _word, generation, Word), Is.EqualTo(ReturnOutcome.NotOwned));
            Assert.That(Word, Is.EqualTo(before));
        });
    }

    [Test]
    public void L4_ASurplusPutThatGoesBelowZeroIsGivenBack()
    {
        var generation = Lifetime.PublishRented(ref _word, _space);
        Assert.That(Lifetime.Put(ref _word, generation), Is.EqualTo(PutOutcome.Surplus));
        Assert.That(Word, Is.EqualTo(LifetimeWord.Rented(generation)));
    }

    [Test]
    public void L5_GenerationsOnlyGrow_AndOnlyWhereAnObjectIsFreed()
    {
        var last = 0u;
        while (!_space.IsRetired(Word) && last < 100)
        {
            var generation = Lifetime.PublishReferenced(ref _word, _space);
            Assert.That(generation, Is.GreaterThan(last));
            Lifetime.TryGet(ref _word, generation);
            Lifetime.Put(ref _word, generation);
            Lifetime.TryFreeze(ref _word, generation, 1);
            Assert.That(Word.Generation, Is.EqualTo(generation));
            Lifetime.FreeFrozen(ref _word, generation);
            Assert.That(Word, Is.EqualTo(LifetimeWord.Dead(generation + 1)));
            last = generation;
        }
    }

    // The field is 30 bits: starting just below a power of two stands for that many failed gets before.
    [Test]
    public void L6_Hazard07_2To31FailedGetsOnADeadWordReachNothingButTheReferences([Values(0, 28, 29, 30, 31)] int log2OfGets)
    {
        var generation = Lifetime.PublishRented(ref _word, _space);
        Return(generation);
        _word = unchecked(_word + (((1ul << log2OfGets) - 4) << LifetimeWord.ReferenceShift));
        for (var i = 0; i < 8; i++)
        {
            Assert.That(Lifetime.TryGet(ref _word, generation), Is.EqualTo(GetOutcome.Stale));
            Assert.That((Word.Generation, Word.IsLive, Word.IsOwned), Is.EqualTo((generation + 1, false, false)));
        }

        var next = Lifetime.PublishReferenced(ref _word, _space);
        Assert.That(Word, Is.EqualTo(LifetimeWord.Referenced(next, 1)), "publication wipes what they left");
    }

    [Test]
    public void L6_Hazard08_PutsOnADeadWordReachNothingButTheReferences()
    {
        var generation = Lifetime.PublishReferenced(ref _word, _space);
        Lifetime.Put(ref _word, generation);
        for (var i = 0; i < 8; i++)
        {
            Assert.That(Lifetime.Put(ref _word, generation), Is.EqualTo(PutOutcome.Surplus));
            Assert.That((Word.Generation, Word.IsLive, Word.IsOwned), Is.EqualTo((generation + 1, false, false)));
        }

        Lifetime.PublishRented(ref _word, _space);
        Assert.That(Word, Is.EqualTo(LifetimeWord.Rented(generation + 1)));
    }

    [Test]
    public void Hazard10_AGetPastTheLimitFailsAndGivesItsReferenceBack()
    {
        var generation = Lifetime.PublishReferenced(ref _word, _space, LifetimeWord.ReferenceLimit - 1);
        Assert.Multiple(() =>
        {
            Assert.That(Lifetime.TryGet(ref _word, generation), Is.EqualTo(GetOutcome.Got));
            Assert.That(Lifetime.TryGet(ref _word, generation), Is.EqualTo(GetOutcome.Saturated));
            Assert.That(Word, Is.EqualTo(LifetimeWord.Referenced(generation, LifetimeWord.ReferenceLimit)));
            Assert.That(Lifetime.Put(ref _word, generation), Is.EqualTo(PutOutcome.Dropped));
        });
    }

    [Test]
    public void Hazard11_ASpuriousReferenceMakesAFreezeFail_AndItsEndLetsItSucceed()
    {
        var generation = Lifetime.PublishReferenced(ref _word, _space);
        Lifetime.TryGet(ref _word, generation);
        Assert.That(Lifetime.TryFreeze(ref _word, generation, 1), Is.False);
        Lifetime.Put(ref _word, generation);
        Assert.That(Lifetime.TryFreeze(ref _word, generation, 1), Is.True);
    }

    [Test]
    public void FrozenMeansNotNow_AndUnfreezingWipesTheStrays()
    {
        var generation = Lifetime.PublishRented(ref _word, _space);
        Lifetime.TryGet(ref _word, generation);
        Assert.That(Lifetime.TryFreeze(ref _word, generation, 1), Is.True);
        Assert.Multiple(() =>
        {
            Assert.That(Lifetime.TryGet(ref _word, generation), Is.EqualTo(GetOutcome.NotNow));
            Assert.That(Lifetime.TryGet(ref _word, generation + 1), Is.EqualTo(GetOutcome.Stale));
            Assert.That(Return(generation), Is.EqualTo(ReturnOutcome.Frozen));
            Assert.That(Lifetime.TryFreeze(ref _word, generation, 1), Is.False, "frozen once is enough");
        });
        Lifetime.Unfreeze(ref _word, generation, 1);
        Assert.That(Word.Bits, Is.EqualTo(LifetimeWord.Referenced(generation, 1).Bits | LifetimeWord.Owned));
    }

    [Test]
    public void AnUnownedFrozenObjectRejectsReturnsAsNotOwned()
    {
        var generation = Lifetime.PublishReferenced(ref _word, _space);
        Lifetime.TryFreeze(ref _word, generation, 1);
        Assert.That(Return(generation), Is.EqualTo(ReturnOutcome.NotOwned));
    }

    [Test]
    public void FreeingAFrozenObjectEndsTheGeneration_WhateverStraysDo()
    {
        var generation = Lifetime.PublishReferenced(ref _word, _space);
        Lifetime.TryFreeze(ref _word, generation, 1);
        Lifetime.TryGet(ref _word, generation);
        Lifetime.FreeFrozen(ref _word, generation);
        Assert.That(Word, Is.EqualTo(LifetimeWord.Dead(generation + 1)));
        Assert.That(Lifetime.TryGet(ref _word, generation), Is.EqualTo(GetOutcome.Stale));
    }

    [Test]
    public void Exclusive_IsNeverLive_SoNobodyGetsIt_AndExactlyOneReturnSucceeds()
    {
        var generation = Lifetime.PublishExclusive(ref _word, _space);
        Assert.Multiple(() =>
        {
            Assert.That(Word.IsLive, Is.False);
            Assert.That(Lifetime.TryGet(ref _word, generation), Is.EqualTo(GetOutcome.NotNow));
            Assert.That(Lifetime.TryGet(ref _word, generation + 1), Is.EqualTo(GetOutcome.Stale));
            Assert.That(Lifetime.ReturnExclusive(ref _word, generation + 1, Word), Is.EqualTo(ReturnOutcome.Stale));
            Assert.That(Lifetime.ReturnExclusive(ref _word, generation, Word), Is.EqualTo(ReturnOutcome.MustDestroy), "strays don't matter");
            Assert.That(Lifetime.ReturnExclusive(ref _word, generation, Word), Is.EqualTo(ReturnOutcome.Stale));
            Assert.That(Word, Is.EqualTo(LifetimeWord.Dead(generation + 1)));
        });
    }

    [Test]
    public void AReadIsValidOnlyOverOneLifeAndOneContent()
    {
        var sequence = 0u;
        var generation = Lifetime.PublishReferenced(ref _word, _space);
        Assert.That(Lifetime.TryBeginRead(ref _word, ref sequence, generation, out var seen), Is.True);
        Lifetime.TryGet(ref _word, generation);
        Lifetime.Put(ref _word, generation);
        Assert.That(Lifetime.EndRead(ref _word, ref sequence, generation, seen), Is.True, "references don't disturb readers");
        ContentSequence.BeginWrite(ref sequence);
        Assert.That(Lifetime.TryBeginRead(ref _word, ref sequence, generation, out _), Is.False, "while it is written");
        ContentSequence.EndWrite(ref sequence);
        Assert.That(Lifetime.EndRead(ref _word, ref sequence, generation, seen), Is.False, "written since");
        Lifetime.TryBeginRead(ref _word, ref sequence, generation, out seen);
        Lifetime.Put(ref _word, generation);
        Assert.That(Lifetime.EndRead(ref _word, ref sequence, generation, seen), Is.False, "freed since");
        Assert.That(Lifetime.TryBeginRead(ref _word, ref sequence, generation, out _), Is.False, "freed");
    }

    private ReturnOutcome Return(uint generation) => Lifetime.Return(ref _word, generation, Lifetime.Load(ref _word));

    private void RequireRejected(uint generation)
    {
        var before = Word with { Bits = Word.Bits & uint.MaxValue | Word.Bits & (LifetimeWord.Live | LifetimeWord.Owned) };
        Assert.That(Lifetime.TryGet(ref _word, generation), Is.EqualTo(GetOutcome.Stale));
        Assert.That(Return(generation), Is.EqualTo(ReturnOutcome.Stale));
        Assert.That((Word.Generation, Word.IsLive, Word.IsOwned), Is.EqualTo((before.Generation, before.IsLive, before.IsOwned)));
    }
}
