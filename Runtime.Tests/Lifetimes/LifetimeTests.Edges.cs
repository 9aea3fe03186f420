using FolioRuntime.Lifetimes;
using NUnit.Framework;

namespace FolioRuntime.Tests.Lifetimes;

/// <content>Words as another thread may leave them between two of our steps, and counts at their very limits.</content>
public partial class LifetimeTests
{
    [Test]
    public void L1_AReturnThatStartsFromAnOldValueLooksAgain()
    {
        var generation = Lifetime.PublishRented(ref _word, _space);
        var old = Word;
        Lifetime.TryGet(ref _word, generation);
        Assert.That(Lifetime.Return(ref _word, generation, old), Is.EqualTo(ReturnOutcome.Deferred), "there is a reference by now");
        Assert.That(Word, Is.EqualTo(LifetimeWord.Referenced(generation, 1)));
        Assert.That(Lifetime.Return(ref _word, generation, old), Is.EqualTo(ReturnOutcome.NotOwned), "and now no owner");
        Lifetime.Put(ref _word, generation);
        Assert.That(Lifetime.Return(ref _word, generation, old), Is.EqualTo(ReturnOutcome.Stale), "and now no object");
    }

    [Test]
    public void L1_AnExclusiveReturnThatStartsFromAnOldValueLooksAgain()
    {
        var generation = Lifetime.PublishExclusive(ref _word, _space);
        var old = Word;
        Lifetime.TryGet(ref _word, generation);
        Assert.That(Lifetime.ReturnExclusive(ref _word, generation, old), Is.EqualTo(ReturnOutcome.MustDestroy), "a stray is no obstacle");
        Assert.That(Word, Is.EqualTo(LifetimeWord.Dead(generation + 1)));
        Assert.That(Lifetime.ReturnExclusive(ref _word, generation, old), Is.EqualTo(ReturnOutcome.Stale));
    }

    [Test]
    public void TheShortReturnSucceedsOnlyFromExactlyWhatPublishingStored([Values] bool exclusive)
    {
        var generation = exclusive ? Lifetime.PublishExclusive(ref _word, _space) : Lifetime.PublishRented(ref _word, _space);
        var published = Word;
        Lifetime.TryGet(ref _word, generation);
        var held = Word;
        Assert.That(Lifetime.TryReturnUnreferenced(ref _word, generation, published), Is.False);
        Assert.That(Word, Is.EqualTo(held), "nothing changed");
        _word = published.Bits;
        Assert.That(Lifetime.TryReturnUnreferenced(ref _word, generation, published), Is.True);
        Assert.That(Word, Is.EqualTo(LifetimeWord.Dead(generation + 1)));
    }

    /// <summary>The last put has dropped its reference and stands before its CAS.</summary>
    [Test]
    public void L1_AStaleGetThatMeetsAnObjectOnItsWayToItsEndMustDestroyIt()
    {
        _word = LifetimeWord.Referenced(5, 0).Bits;
        Assert.That(Lifetime.TryGet(ref _word, 4), Is.EqualTo(GetOutcome.StaleMustDestroy));
        Assert.That(Word, Is.EqualTo(LifetimeWord.Dead(6)));
    }

    [Test]
    public void NobodyFreezesAnObjectOnItsWayToItsEnd()
    {
        _word = LifetimeWord.Referenced(5, 0).Bits;
        Assert.That(Lifetime.TryFreeze(ref _word, 5, 0), Is.False);
        Assert.That(Word, Is.EqualTo(LifetimeWord.Referenced(5, 0)));
        _word = LifetimeWord.Rented(5).Bits;
        Assert.That(Lifetime.TryFreeze(ref _word, 5, 0), Is.True, "an owner without references does");
    }

    [TestCase(LifetimeWord.UnderflowFrom - 1, false)]
    [TestCase(LifetimeWord.UnderflowFrom, true)]
    [TestCase(LifetimeWord.UnderflowFrom + 1, true)]
    public void L4_APutThatLeavesTheUnderflowLimitOrMoreIsSurplusAndGivenBack(uint left, bool surplus)
    {
        _word = LifetimeWord.Referenced(5, left + 1).Bits;
        Assert.That(Lifetime.Put(ref _word, 5), Is.EqualTo(surplus ? PutOutcome.Surplus : PutOutcome.Dropped));
        Assert.That(Word.References, Is.EqualTo(surplus ? left + 1 : left));
    }

    [Test]
    public void AWriteThatHasEndedLetsReadersIn()
    {
        var sequence = 0u;
        var generation = Lifetime.PublishReferenced(ref _word, _space);
        ContentSequence.BeginWrite(ref sequence);
        ContentSequence.EndWrite(ref sequence);
        Assert.That(sequence, Is.EqualTo(2));
        Assert.That(Lifetime.TryBeginRead(ref _word, ref sequence, generation, out var seen), Is.True);
        Assert.That(Lifetime.EndRead(ref _word, ref sequence, generation, seen), Is.True);
    }
}
