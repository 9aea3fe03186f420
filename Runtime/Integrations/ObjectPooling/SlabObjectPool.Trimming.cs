using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Integrations.ObjectPooling;

/// <content>
/// Objects that nobody wants go: a trim takes each idle object by its ticket's own word, as a get does, so one of the two has it. Its number is free before it is disposed, so that a
/// bounded pool may make another meanwhile; the slot whose content names it is a free one, and such a content is a hint only.
/// </content>
public sealed partial class SlabObjectPool<T> : IIdleObjects
{
    private readonly StripedCounter _trimmed = new();

    /// <summary>Idle objects that no trim takes: as many as it needs for so many altogether, those that are out included.</summary>
    public int MinimumRetained { get; }

    /// <summary>
    /// Drops the idle objects, and disposes those that are disposable, but for <see cref="MinimumRetained"/>. Gets and returns go on meanwhile. The runtime does the same when it is trimmed
    /// (<see cref="PoolRuntime.Trim()"/>) or the system is short of memory, and drops by itself what nobody had for a whole <see cref="PoolRuntimeOptions.TrimInterval"/>.
    /// </summary>
    /// <returns>How many objects were dropped.</returns>
    public int Trim()
    {
        var dropped = DropIdle(onlyUnused: false);
        Cache.Trim();
        return dropped;
    }

    void IIdleObjects.DropIdle(bool onlyUnused) => DropIdle(onlyUnused);

    private int DropIdle(bool onlyUnused)
    {
        var items = _table.TakeIdle(MinimumRetained, onlyUnused);
        foreach (var item in items)
        {
            if (_watches.TryGetValue(item, out var watch))
                Unwatch(item, watch);
            _trimmed.Add();
            DisposeItem(item);
        }

        return items.Count;
    }
}
