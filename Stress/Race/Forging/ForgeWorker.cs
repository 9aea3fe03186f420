using FolioRuntime.Harness;

namespace FolioRuntime.Race.Forging;

/// <summary>
/// One thread, owner and forger in turns: it keeps a few objects of every target, rents and returns them, and in between tries
/// forged handles on all targets, against what the other threads are doing.
/// </summary>
internal sealed class ForgeWorker(ForgeTarget[] targets, ulong[] strangers, ulong seed, int index)
{
    private const int ObjectsPerTarget = 32;
    private const int AttemptsPerTurn = 8;
    private const int TurnsBetweenReleases = 2048;
    private const int CertainEvery = 64;
    private const int UseEvery = 16;

    private readonly ulong[][] _mine = [.. targets.Select(_ => new ulong[ObjectsPerTarget])];
    private XorShift _random = new(seed, index);
    private HandleForger _forger = new(seed, index - (1 << 16));

    public ForgeTally Tally { get; } = new();

    /// <summary>A rent or a return, and a few attempts, at most so many.</summary>
    public void Turn(long mostAttempts)
    {
        ChangeOne();
        if (_random.OnceIn(TurnsBetweenReleases))
            ReleaseAll(_random.Below(targets.Length));
        for (var i = 0; i < Math.Min(AttemptsPerTurn, mostAttempts); i++)
        {
            if (_random.OnceIn(CertainEvery))
                AttackCertainly();
            else
                Attack();
        }
    }

    public void ReleaseAll()
    {
        for (var target = 0; target < targets.Length; target++)
            ReleaseAll(target);
    }

    private void ReleaseAll(int target)
    {
        foreach (ref var mine in _mine[target].AsSpan())
            Release(target, ref mine);
    }

    private void Release(int target, ref ulong mine)
    {
        if (mine != 0)
            targets[target].Return(mine);
        mine = 0;
    }

    private void ChangeOne()
    {
        var target = _random.Below(targets.Length);
        ref var mine = ref _mine[target][_random.Below(ObjectsPerTarget)];
        if (mine != 0)
            Release(target, ref mine);
        else if (targets[target].TryRent(out mine))
            Tally.Rented++;
    }

    private void Attack()
    {
        var target = targets[_random.Below(targets.Length)];
        if (!target.IsShared)
            return;
        var forged = _forger.Forge(target, targets[_random.Below(targets.Length)], strangers);
        Tally.Count(_random.OnceIn(4) ? target.TryRead(forged) : target.TryGet(forged));
    }

    /// <summary>Operations that would be right for the handle's owner: so only with handles that certainly nobody has, because this thread has the slot.</summary>
    private void AttackCertainly()
    {
        var owner = _random.Below(targets.Length);
        var mine = _mine[owner][_random.Below(ObjectsPerTarget)];
        if (mine == 0)
            return;
        var target = targets[owner];
        var forged = _forger.OtherGeneration(mine);
        if (targets[_random.Below(targets.Length)] is SlabTarget other && other != target && target is SlabTarget)
        {
            target = other;
            forged = mine;
        }

        var accepted = _random.OnceIn(UseEvery) ? target.TryUse(forged) : target.TryReturn(forged);
        Tally.Count(accepted ? Answer.Wrongly : Answer.Refused);
    }
}
