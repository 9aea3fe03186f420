using FolioRuntime.Exploration.Engine;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <content>What threads do to the slot, each with what must hold whatever the others do.</content>
internal sealed unsafe partial class OneSlot
{
    /// <summary>Takes a reference by handle. Destroys whomever the attempt left without another holder, as its caller must.</summary>
    public bool TryGet(uint generation)
    {
        var wasAlive = FindLife(generation) is { IsAlive: true };
        var outcome = Lifetime.TryGet(ref Word, generation);
        var life = FindLife(generation);
        switch (outcome)
        {
            case GetOutcome.Got:
                Requirement.That(life is { IsPublished: true, IsExclusive: false }, "L7: what can be got has been published");
                Requirement.Equal(life.Ends, 0, "L3: times that the object that was got has been destroyed");
                Requirement.That(LastStepLeft() <= LifetimeWord.ReferenceLimit, "a get stops at the limit");
                return true;
            case GetOutcome.StaleMustDestroy or GetOutcome.SaturatedMustDestroy:
                // The word is ours alone until the slot is freed: its generation is the one after the stranger's.
                End(new LifetimeWord(Word).Generation - 1);
                break;
            case GetOutcome.NotNow:
                Requirement.That(!wasAlive || life!.Ends > 0 || life.IsExclusive || IsFrozenAtTimes, "what nobody froze can be got while it lives");
                break;
        }

        Requirement.That(
            outcome is not (GetOutcome.Stale or GetOutcome.StaleMustDestroy) || !wasAlive || life!.Ends > 0, "what is alive is not called stale");
        return false;
    }

    /// <summary>Looks at the object through a reference.</summary>
    public void Use(uint generation)
    {
        var life = LifeOf(generation);
        var stamp = Content.Read(ref Stamp);
        Requirement.That(life.IsIn(stamp), $"L2, L7: whoever holds {SlotLife.Show(life.Stamp)} finds {SlotLife.Show(stamp)}");
        Requirement.Equal(life.Ends, 0, "L2: times that an object was destroyed under a holder");
    }

    /// <summary>Puts a reference that is held.</summary>
    public void Put(uint generation)
    {
        var outcome = Lifetime.Put(ref Word, generation);
        Requirement.That(outcome != PutOutcome.Surplus, "L4: a reference that is held can be put");
        if (outcome == PutOutcome.MustDestroy)
            End(generation);
    }

    /// <summary>A look-up by handle: whether it got the object.</summary>
    public bool GetUseAndPut(uint generation)
    {
        if (!TryGet(generation))
            return false;
        UseAndPut(generation);
        return true;
    }

    /// <summary>A get whose reference nobody puts before all is over.</summary>
    public void GetAndKeep(uint generation)
    {
        if (!TryGet(generation))
            return;
        Bystanders++;
        Use(generation);
    }

    public void UseAndPut(uint generation)
    {
        Use(generation);
        Put(generation);
    }

    /// <summary>A put too many, by a reference of another life.</summary>
    public void PutSurplus(uint generation) =>
        Requirement.Equal(Lifetime.Put(ref Word, generation), PutOutcome.Surplus, "L4: a put of what isn't held is told");

    /// <summary>All of the crowd put their references: all but one of them can't be the last, and do it at once.</summary>
    public void CrowdLeaves()
    {
        Atomics.Add(ref Word, 0 - ((_crowd - 1) * OneReference));
        Put(Current);
    }

    /// <summary>A return by handle, the owner's or another's.</summary>
    public ReturnOutcome Return(uint generation) => Returned(generation, Lifetime.Return(ref Word, generation, Lifetime.Load(ref Word)));

    /// <summary>As <see cref="Return"/>, with the short way that a cache tries first.</summary>
    public ReturnOutcome ReturnShortly(uint generation)
    {
        var published = LifetimeWord.Rented(generation);
        return Lifetime.Load(ref Word) == published && Lifetime.TryReturnUnreferenced(ref Word, generation, published)
            ? Returned(generation, ReturnOutcome.MustDestroy)
            : Return(generation);
    }

    public ReturnOutcome ReturnExclusive(uint generation) =>
        Returned(generation, Lifetime.ReturnExclusive(ref Word, generation, Lifetime.Load(ref Word)));

    /// <summary>Changes the content in place, as the only writer.</summary>
    public void Change(uint generation)
    {
        var life = LifeOf(generation);
        ContentSequence.BeginWrite(ref Sequence);
        life.Version++;
        Content.Write(ref Stamp, life.Stamp);
        Content.Write(ref Echo, life.Stamp);
        ContentSequence.EndWrite(ref Sequence);
    }

    /// <summary>Freezes the object, whose last references these are, changes it and unfreezes it. False: there are others.</summary>
    public bool TryFreezeAndChange(uint generation, uint references = 1)
    {
        if (!Lifetime.TryFreeze(ref Word, generation, references))
            return false;
        Use(generation);
        Change(generation);
        Lifetime.Unfreeze(ref Word, generation, references);
        return true;
    }

    /// <summary>Freezes the object and frees it. False: there are other references.</summary>
    public bool TryFreezeAndFree(uint generation, uint references = 1)
    {
        if (!Lifetime.TryFreeze(ref Word, generation, references))
            return false;
        Use(generation);
        Lifetime.FreeFrozen(ref Word, generation);
        LifeOf(generation).IsOwned = false;
        End(generation);
        return true;
    }

    /// <summary>Reads the content without a reference. Whether it was valid.</summary>
    public bool Read(uint generation)
    {
        if (!Lifetime.TryBeginRead(ref Word, ref Sequence, generation, out var sequence))
            return false;
        var stamp = Content.Read(ref Stamp);
        var echo = Content.Read(ref Echo);
        if (!Lifetime.EndRead(ref Word, ref Sequence, generation, sequence))
            return false;
        Requirement.That(echo == stamp, $"what is read is not torn: {SlotLife.Show(stamp)}, {SlotLife.Show(echo)}");
        Requirement.That(FindLife(generation) is { } life && life.IsIn(stamp), $"L7: a valid read of generation {generation} gives its object and not {SlotLife.Show(stamp)}");
        return true;
    }

    // The reference count that the step of this very get left behind.
    private static uint LastStepLeft() =>
        LogicalThread.Current is null || Scheduler.Running is not { Steps: [.., var step] } ? 0 : new LifetimeWord(step.After).References;

    private ReturnOutcome Returned(uint generation, ReturnOutcome outcome)
    {
        var life = FindLife(generation);
        switch (outcome)
        {
            case ReturnOutcome.MustDestroy or ReturnOutcome.Deferred:
                Requirement.That(life is { IsOwned: true }, "one return ends a hold, once");
                life.IsOwned = false;
                if (outcome == ReturnOutcome.MustDestroy)
                    End(generation);
                break;
            case ReturnOutcome.NotOwned:
                Requirement.That(life is not { IsOwned: true, IsKnown: true }, "whoever holds an object can return it");
                break;
            case ReturnOutcome.Stale:
                Requirement.That(life is not { IsAlive: true, IsKnown: true }, "what is alive is not called stale");
                break;
            case ReturnOutcome.Frozen:
                Requirement.That(IsFrozenAtTimes || life is { IsExclusive: true }, "what nobody froze isn't frozen");
                break;
        }

        return outcome;
    }
}
