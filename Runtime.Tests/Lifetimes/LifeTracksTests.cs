using FolioRuntime.Lifetimes;
using NUnit.Framework;

namespace FolioRuntime.Tests.Lifetimes;

/// <summary>What is kept of a life, and for how long, over words that the tests write.</summary>
public sealed class LifeTracksTests
{
    private static readonly GenerationSpace s_generations = new(bits: 4, first: 3);

    private readonly Dictionary<uint, LifetimeWord> _words = [];

    private LifeTracks _tracks = null!;

    [SetUp]
    public void Create()
    {
        _words.Clear();
        _tracks = Of(keepsReturns: false);
    }

    [Test]
    public void A_rent_under_way_is_kept_whatever_is_dropped_meanwhile()
    {
        _words[1] = default;
        _words[2] = LifetimeWord.Dead(5);
        _tracks.Rented(1, generation: 3);
        _tracks.Rented(2, generation: 5);
        _tracks.ReportAged();
        Assert.That(_tracks.Count, Is.EqualTo(2));

        _words[1] = LifetimeWord.Rented(3);
        _words[2] = LifetimeWord.Exclusive(5);
        Assert.That(_tracks.StillOut(2).Leaks.Select(leak => (leak.Index, leak.Generation)), Is.EqualTo(new[] { (1u, 3u), (2u, 5u) }));
    }

    [Test]
    public void A_life_that_is_over_is_dropped_the_last_of_a_word_too()
    {
        _tracks.Rented(1, generation: 4);
        _tracks.Rented(2, generation: s_generations.Last);
        _words[1] = LifetimeWord.Dead(5);
        _words[2] = LifetimeWord.Dead(s_generations.Retired);
        Assert.That(_tracks.StillOut(0).Count, Is.Zero);
        _tracks.ReportAged();
        Assert.That(_tracks.Count, Is.Zero);
    }

    [Test]
    public void However_much_is_rented_what_is_kept_is_bounded_by_what_is_out()
    {
        for (var index = 0u; index < 1000; index++)
        {
            _words[index] = LifetimeWord.Rented(4);
            _tracks.Rented(index, generation: 4);
            if (index >= 10)
                _words[index - 10] = LifetimeWord.Dead(5);
        }

        Assert.That(_tracks.Count, Is.LessThanOrEqualTo(64));
        Assert.That(_tracks.StillOut(10).Leaks, Has.Count.EqualTo(10));
    }

    [Test]
    public void Only_the_very_life_that_was_tracked_can_be_lost_and_only_while_it_is_out()
    {
        _words[1] = LifetimeWord.Rented(4);
        _tracks.Rented(1, generation: 4);
        Assert.That(_tracks.Watch(1, generation: 3), Is.Null);
        Assert.That(_tracks.Watch(2, generation: 4), Is.Null);
        _tracks.Lost(1, generation: 3);
        Assert.That(_tracks.LostCount, Is.Zero);
        _words[1] = LifetimeWord.Dead(5);
        _tracks.Lost(1, generation: 4);
        Assert.That(_tracks.LostCount, Is.Zero);
        _words[1] = LifetimeWord.Rented(4);
        _tracks.Lost(1, generation: 4);
        Assert.That(_tracks.LostCount, Is.EqualTo(1));
    }

    [Test]
    public void Where_returns_are_kept_nothing_is_dropped()
    {
        _tracks = Of(keepsReturns: true);
        _words[1] = LifetimeWord.Dead(5);
        _tracks.Rented(1, generation: 4);
        _tracks.Ended(1, generation: 4);
        _tracks.ReportAged();
        Assert.That((_tracks.Of(1).RentedBy!.Generation, _tracks.Of(1).ReturnedBy!.Generation), Is.EqualTo((4, 4)));
    }

    private LifeTracks Of(bool keepsReturns) => new(index => _words.GetValueOrDefault(index), s_generations, new ViolationLog(), TimeProvider.System)
    {
        Subject = "orders",
        TypeName = "Order",
        Leaks = new LeakTerms(1, null, ""),
        KeepsReturns = keepsReturns,
    };
}
