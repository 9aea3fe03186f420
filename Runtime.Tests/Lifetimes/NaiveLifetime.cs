using FolioRuntime.Lifetimes;

namespace FolioRuntime.Tests.Lifetimes;

/// <summary>The oracle: an object's life as one would write it down, with a list of who holds it and no bits.</summary>
internal sealed class NaiveLifetime(GenerationSpace space)
{
    public enum Phase
    {
        Dead,
        Live,
        Frozen,
    }

    /// <summary>Of the object that lives, or that would be next.</summary>
    public uint Generation { get; private set; } = space.First;

    public Phase Now { get; private set; }

    public bool IsOwned { get; private set; }

    /// <summary>One entry for each reference held.</summary>
    public List<string> Holders { get; } = [];

    public int Published { get; private set; }

    public int Destroyed { get; private set; }

    public bool IsRetired => Generation > space.Last;

    public uint Publish(bool owned)
    {
        Now = Phase.Live;
        IsOwned = owned;
        Holders.Clear();
        if (!owned)
            Holders.Add("publisher");
        Published++;
        return Generation;
    }

    public GetOutcome TryGet(uint generation)
    {
        if (generation != Generation)
            return GetOutcome.Stale;
        if (Now != Phase.Live)
            return GetOutcome.NotNow;
        Holders.Add("getter");
        return GetOutcome.Got;
    }

    public PutOutcome Put(uint generation)
    {
        if (Now != Phase.Live || generation != Generation || Holders.Count == 0)
            return PutOutcome.Surplus;
        Holders.RemoveAt(Holders.Count - 1);
        return EndIfUnheld() ? PutOutcome.MustDestroy : PutOutcome.Dropped;
    }

    public ReturnOutcome Return(uint generation)
    {
        if (generation != Generation)
            return ReturnOutcome.Stale;
        if (!IsOwned)
            return ReturnOutcome.NotOwned;
        if (Now == Phase.Frozen)
            return ReturnOutcome.Frozen;
        IsOwned = false;
        return EndIfUnheld() ? ReturnOutcome.MustDestroy : ReturnOutcome.Deferred;
    }

    public bool TryFreeze(uint generation, int references)
    {
        if (generation != Generation || Now != Phase.Live || Holders.Count != references)
            return false;
        if (references == 0 && !IsOwned)
            return false;
        Now = Phase.Frozen;
        return true;
    }

    public void Unfreeze() => Now = Phase.Live;

    public void FreeFrozen()
    {
        Holders.Clear();
        IsOwned = false;
        EndIfUnheld();
    }

    private bool EndIfUnheld()
    {
        if (IsOwned || Holders.Count != 0)
            return false;
        Now = Phase.Dead;
        Generation++;
        Destroyed++;
        return true;
    }
}
