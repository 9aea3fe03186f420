using FolioRuntime.Lifetimes;
using NUnit.Framework;

namespace FolioRuntime.Tests.Lifetimes;

/// <summary>Returns that start from a look at the word that is no longer true: they look again, and judge by what is there.</summary>
public sealed class OutdatedViewTests
{
    private const uint Generation = 5;

    private ulong _word;

    [Test]
    public void A_return_that_looked_before_a_get_ends_the_owners_hold_only()
    {
        _word = LifetimeWord.Rented(Generation).Bits + LifetimeWord.OneReference;
        Assert.That(Lifetime.Return(ref _word, Generation, LifetimeWord.Rented(Generation)), Is.EqualTo(ReturnOutcome.Deferred));
        Assert.That(new LifetimeWord(_word), Is.EqualTo(LifetimeWord.Referenced(Generation, 1)));
    }

    [Test]
    public void A_return_that_looked_before_another_return_changes_nothing()
    {
        _word = LifetimeWord.Dead(Generation + 1).Bits;
        Assert.That(Lifetime.Return(ref _word, Generation, LifetimeWord.Rented(Generation)), Is.EqualTo(ReturnOutcome.Stale));
        Assert.That(Lifetime.ReturnExclusive(ref _word, Generation, LifetimeWord.Exclusive(Generation)), Is.EqualTo(ReturnOutcome.Stale));
        Assert.That(new LifetimeWord(_word), Is.EqualTo(LifetimeWord.Dead(Generation + 1)));
    }

    [Test]
    public void An_exclusive_return_that_looked_before_a_stray_add_goes_through()
    {
        _word = LifetimeWord.Exclusive(Generation).Bits + LifetimeWord.OneReference;
        Assert.That(Lifetime.ReturnExclusive(ref _word, Generation, LifetimeWord.Exclusive(Generation)), Is.EqualTo(ReturnOutcome.MustDestroy));
        Assert.That(new LifetimeWord(_word).Generation, Is.EqualTo(Generation + 1));
    }

    [Test]
    public void An_exclusive_return_of_a_word_that_nobody_holds_is_no_owners()
    {
        _word = LifetimeWord.Dead(Generation).Bits;
        Assert.That(Lifetime.ReturnExclusive(ref _word, Generation, new LifetimeWord(_word)), Is.EqualTo(ReturnOutcome.NotOwned));
    }

    [Test]
    public void What_is_on_its_way_to_its_end_can_not_be_frozen_by_somebody_without_a_hold()
    {
        _word = LifetimeWord.Referenced(Generation, 0).Bits;
        Assert.That(Lifetime.TryFreeze(ref _word, Generation, references: 0), Is.False);
        Assert.That(new LifetimeWord(_word), Is.EqualTo(LifetimeWord.Referenced(Generation, 0)));
    }

    [Test]
    public void A_word_says_in_words_what_it_is()
    {
        Assert.That(LifetimeWord.Rented(Generation).ToString(), Is.EqualTo("(generation 5, live, owned, references 0)"));
        Assert.That(LifetimeWord.Dead(Generation).ToString(), Is.EqualTo("(generation 5, dead, references 0)"));
    }
}
