using FolioRuntime.Lifetimes;
using NUnit.Framework;

namespace FolioRuntime.Tests.Lifetimes;

/// <summary>The end of a word's generations, with words narrow enough to get there.</summary>
[TestFixture(2)]
[TestFixture(3)]
[TestFixture(4)]
public class LifetimeExhaustionTests(int generationBits)
{
    private ulong _word;

    [SetUp]
    public void FreshWord() => _word = 0;

    [Test]
    public void Hazard09_AWordIssuesEachGenerationOnceAndIsThenRetiredForGood([Values(1u, 2u)] uint first)
    {
        var space = new GenerationSpace(generationBits, first);
        var issued = new List<uint>();
        while (!space.IsRetired(new LifetimeWord(_word)))
        {
            var way = issued.Count % 4;
            var generation = way switch
            {
                0 => Lifetime.PublishRented(ref _word, space),
                1 => Lifetime.PublishExclusive(ref _word, space),
                _ => Lifetime.PublishReferenced(ref _word, space),
            };
            issued.Add(generation);
            End(way, generation);
        }

        var expected = Enumerable.Range((int)first, (int)(space.Last - first + 1)).Select(generation => (uint)generation);
        Assert.That(issued, Is.EqualTo(expected), "each once, and no wrap");
        RequireDeadForGood(space, issued);
    }

    [Test]
    public void Hazard09_FreeingTheLastGenerationNeverCarriesIntoLive()
    {
        var space = new GenerationSpace(generationBits, 1);
        _word = LifetimeWord.Referenced(space.Last, 1).Bits;
        Assert.That(Lifetime.Put(ref _word, space.Last), Is.EqualTo(PutOutcome.MustDestroy));
        Assert.That(_word, Is.EqualTo((ulong)space.Retired));
    }

    private void End(int way, uint generation)
    {
        var seen = Lifetime.Load(ref _word);
        switch (way)
        {
            case 0:
                Assert.That(Lifetime.Return(ref _word, generation, seen), Is.EqualTo(ReturnOutcome.MustDestroy));
                break;
            case 1:
                Assert.That(Lifetime.ReturnExclusive(ref _word, generation, seen), Is.EqualTo(ReturnOutcome.MustDestroy));
                break;
            case 2:
                Assert.That(Lifetime.Put(ref _word, generation), Is.EqualTo(PutOutcome.MustDestroy));
                break;
            default:
                Assert.That(Lifetime.TryFreeze(ref _word, generation, 1), Is.True);
                Lifetime.FreeFrozen(ref _word, generation);
                break;
        }
    }

    private void RequireDeadForGood(GenerationSpace space, List<uint> issued)
    {
        for (var i = 0; i < 100; i++)
        {
            foreach (var generation in issued)
            {
                Assert.That(Lifetime.TryGet(ref _word, generation), Is.EqualTo(GetOutcome.Stale));
                Assert.That(Lifetime.Return(ref _word, generation, Lifetime.Load(ref _word)), Is.EqualTo(ReturnOutcome.Stale));
                Assert.That(Lifetime.ReturnExclusive(ref _word, generation, Lifetime.Load(ref _word)), Is.EqualTo(ReturnOutcome.Stale));
            }
        }

        Assert.That(space.IsRetired(Lifetime.Load(ref _word)), Is.True);
    }
}
