using FolioRuntime.PageCaching;

namespace FolioRuntime.Tests.PageCaching.Policies;

/// <summary>A policy written the plain way, over lists of the base library, newest first: what the shipping ones must agree with victim by victim.</summary>
internal abstract class PolicyModel : IReplacementPolicy
{
    protected Dictionary<int, ulong> Keys { get; } = [];

    public virtual string Name => "model";

    public virtual void Added(int page, ulong key)
    {
        Keys.Add(page, key);
        OnAdded(page, key);
    }

    public void Accessed(int page)
    {
        if (Keys.ContainsKey(page))
            OnAccessed(page);
    }

    public int NextVictim() => Keys.Count == 0 ? -1 : Choose();

    public abstract void Kept(int page);

    public void Removed(int page, bool reclaimed)
    {
        var key = Keys[page];
        Keys.Remove(page);
        OnRemoved(page, key, reclaimed);
    }

    protected abstract void OnAdded(int page, ulong key);

    protected abstract void OnAccessed(int page);

    protected abstract int Choose();

    protected abstract void OnRemoved(int page, ulong key, bool reclaimed);

    protected static void ToFront<T>(List<T> list, T item)
    {
        list.Remove(item);
        list.Insert(0, item);
    }
}
