using FolioRuntime.Exploration.Engine;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <content>What must hold when the threads have ended, and what must have held at each of their steps.</content>
internal sealed unsafe partial class OneSlot
{
    /// <summary>Ends what still lives, as those who hold it would, and checks all that has happened.</summary>
    public void Judge()
    {
        JudgeHistory();
        if (_lives[^1] is { Ends: 0, IsPublished: true } life)
            EndLast(life);
        foreach (var over in _lives)
        {
            Requirement.Equal(over.Issued, over.Generation, "L5: each publication issues the next generation");
            Requirement.That(over.Generation < _spent, "L5: the marker of a retired word is never issued");
            Requirement.That(over.Ends == 1, $"L1: {over.Type} of generation {over.Generation} was destroyed {over.Ends} times");
            Requirement.Equal(over.DestroyedAs, over.Type, "L1: by the destructor of its own type");
            Requirement.That(!over.IsOwned, "a hold that was never ended");
        }

        var word = new LifetimeWord(Word);
        Requirement.That(!word.IsLive && !word.IsOwned, $"L6: the word of a dead slot: {word}");
        Requirement.Equal(word.Generation, Space.First + (uint)_lives.Count, "L5: generation after so many lives");
        Requirement.Equal(Free, word.Generation == _spent ? 0ul : 1ul, "L8: the slot is free, or retired");
        Requirement.Equal(Stamp, _lives[^1].Wreck, "what the last destructor left");
        Requirement.Equal(Sequence & 1, 0u, "no change of content is under way");
    }

    private void EndLast(SlotLife life)
    {
        var word = new LifetimeWord(Word);
        Requirement.Equal(Stamp, life.Stamp, "L4: content");
        Requirement.Equal(Echo, life.Stamp, "L4: content");
        if (life.IsExclusive)
        {
            Requirement.That(word.IsHeldExclusivelyAt(life.Generation), $"L4: an exclusive word, whatever strays it bears: {word}");
            ReturnExclusive(life.Generation);
            return;
        }

        Requirement.That(Bystanders > 0 || life.IsOwned, "L1: what nobody holds has been destroyed");
        var held = life.IsOwned ? LifetimeWord.Rented(life.Generation) : LifetimeWord.Referenced(life.Generation, 0);
        Requirement.Equal(word, new LifetimeWord(held.Bits + (Bystanders * OneReference)), "L4: the word is as if those who failed hadn't been there");
        Requirement.That(Read(life.Generation), "what rests can be read");
        Requirement.That(TryGet(life.Generation), "what lives can be got");
        Put(life.Generation);
        if (life.IsOwned)
            Return(life.Generation);
        for (; Bystanders > 0; Bystanders--)
            Put(life.Generation);
    }

    /// <summary>L5 and L6, at every step that changed the word.</summary>
    private void JudgeHistory()
    {
        if (Scheduler.Running is not { } scheduler)
            return;
        foreach (var step in scheduler.Steps)
        {
            if (step.Access.Address != (nint)(&_memory->Word) || !step.Wrote)
                continue;
            var (before, after) = (new LifetimeWord(step.Before), new LifetimeWord(step.After));
            if (step.Access.Operation == SeamOperation.Add && (step.After - step.Before) % OneReference == 0)
            {
                Requirement.That(
                    after.Generation == before.Generation && after.IsLive == before.IsLive && after.IsOwned == before.IsOwned,
                    $"L6: taking and putting change references only: {before} became {after}");
                continue;
            }

            var isEnd = after.Generation == before.Generation + 1 && !after.IsLive && !after.IsOwned;
            Requirement.That(after.Generation == before.Generation || isEnd, $"L5: {before} became {after}");
            Requirement.That(!isEnd || before.IsLive || before.IsOwned || IsFrozenAtTimes, $"L5: {before} became {after}, though nothing lived");
        }
    }
}
