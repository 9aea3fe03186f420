using CsCheck;
using FolioRuntime.Lifetimes;
using NUnit.Framework;

namespace FolioRuntime.Tests.Lifetimes;

/// <summary>Random operations, rightful and not, on a word and on <see cref="NaiveLifetime"/>: the same outcomes and the same state after each.</summary>
[TestFixture(32)]
[TestFixture(3)]
public class LifetimePropertyTests(int generationBits)
{
    private enum Step
    {
        Rent,
        Allocate,
        TryGet,
        Put,
        Return,
        TryFreeze,
        Unfreeze,
        FreeFrozen,
    }

    [Test]
    public void AgreesWithTheNaiveLifetime()
    {
        // The handle is counted back from the newest generation: mostly the present one, often old ones, sometimes one to come.
        var handle = Gen.Frequency((6, Gen.Const(0)), (3, Gen.Int[1, 8]), (1, Gen.Const(-1)));
        Gen.Select(Gen.UInt[1, 3], Gen.Select(Gen.Enum<Step>(), handle, Gen.Int[0, 3]).Array[1, 150])
            .Sample(Agree, iter: 4000, writeLine: TestContext.Out.WriteLine);
    }

    private bool Agree(uint first, (Step Kind, int Back, int Count)[] steps)
    {
        var space = new GenerationSpace(generationBits, first);
        var oracle = new NaiveLifetime(space);
        ulong word = 0;
        foreach (var (kind, back, count) in steps)
        {
            // A forged handle may have any generation, the retired word's own included.
            var generation = (uint)Math.Max(0, oracle.Generation - back);
            if (!Apply(ref word, oracle, space, kind, generation, count) || !Matches(new LifetimeWord(word), oracle, space))
                return false;
        }

        return true;
    }

    private static bool Apply(ref ulong word, NaiveLifetime oracle, GenerationSpace space, Step kind, uint generation, int count)
    {
        var dead = oracle.Now == NaiveLifetime.Phase.Dead;
        var frozen = oracle.Now == NaiveLifetime.Phase.Frozen;
        switch (kind)
        {
            case Step.Rent when dead && !oracle.IsRetired:
                return Lifetime.PublishRented(ref word, space) == oracle.Publish(owned: true);
            case Step.Allocate when dead && !oracle.IsRetired:
                return Lifetime.PublishReferenced(ref word, space) == oracle.Publish(owned: false);
            case Step.TryGet:
                return Lifetime.TryGet(ref word, generation) == Expected(word, generation, oracle);
            case Step.Put:
                return Lifetime.Put(ref word, generation) == oracle.Put(generation);
            case Step.Return:
                return Lifetime.Return(ref word, generation, Lifetime.Load(ref word)) == Expected(word, oracle, generation);
            case Step.TryFreeze:
                return Lifetime.TryFreeze(ref word, generation, (uint)count) == oracle.TryFreeze(generation, count);
            case Step.Unfreeze when frozen:
                Lifetime.Unfreeze(ref word, oracle.Generation, (uint)oracle.Holders.Count);
                oracle.Unfreeze();
                return true;
            case Step.FreeFrozen when frozen:
                Lifetime.FreeFrozen(ref word, oracle.Generation);
                oracle.FreeFrozen();
                return true;
            default:
                return true;
        }
    }

    // A word that was never published is at 0 and not yet at the space's first generation, which a forged handle may name.
    private static GetOutcome Expected(ulong wordAfter, uint generation, NaiveLifetime oracle)
    {
        if (oracle.Published == 0)
            return generation == new LifetimeWord(wordAfter).Generation ? GetOutcome.NotNow : GetOutcome.Stale;
        return oracle.TryGet(generation);
    }

    private static ReturnOutcome Expected(ulong wordAfter, NaiveLifetime oracle, uint generation)
    {
        if (oracle.Published == 0)
            return generation == new LifetimeWord(wordAfter).Generation ? ReturnOutcome.NotOwned : ReturnOutcome.Stale;
        return oracle.Return(generation);
    }

    private static bool Matches(LifetimeWord word, NaiveLifetime oracle, GenerationSpace space)
    {
        var live = oracle.Now == NaiveLifetime.Phase.Live;
        return word.Generation == (oracle.Published == 0 ? 0 : oracle.Generation)
            && word.IsLive == live
            && word.IsOwned == oracle.IsOwned
            && (!live || word.References == oracle.Holders.Count)
            && space.IsRetired(word) == (oracle.Published != 0 && oracle.IsRetired)
            && oracle.Published == oracle.Destroyed + (oracle.Now == NaiveLifetime.Phase.Dead ? 0 : 1);
    }
}
