extern alias instrumented;

using System.Collections.Immutable;
using instrumented::FolioRuntime.Slabs;

namespace FolioRuntime.Tests.Slabs;

/// <summary>The objects that live at one moment, compared by value.</summary>
internal sealed class LiveObjects(ImmutableSortedDictionary<uint, LiveObject> byIndex) : IEquatable<LiveObjects>
{
    public static LiveObjects None { get; } = new(ImmutableSortedDictionary<uint, LiveObject>.Empty);

    public IEnumerable<LiveObject> All => byIndex.Values;

    public LiveObject? At(uint index) => byIndex.TryGetValue(index, out var found) ? found : null;

    public LiveObject? Of(SlabHandle handle) => At(handle.Index) is { } found && found.Handle == handle ? found : null;

    /// <summary>With this object as it is now; without it if nothing keeps it alive.</summary>
    public LiveObjects With(LiveObject now) => new(now.IsAlive ? byIndex.SetItem(now.Handle.Index, now) : byIndex.Remove(now.Handle.Index));

    public bool Equals(LiveObjects? other) => other is not null && All.SequenceEqual(other.All);

    public override bool Equals(object? obj) => Equals(obj as LiveObjects);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var live in All)
            hash.Add(live);
        return hash.ToHashCode();
    }
}
