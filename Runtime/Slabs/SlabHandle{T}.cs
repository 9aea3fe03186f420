namespace FolioRuntime.Slabs;

/// <summary>
/// Names one life of one slot: 8 bytes, to be stored and passed anywhere. It keeps nothing alive. Once the object is freed the handle
/// is rejected for ever, also when the slot, or its memory, serves another object. The default is never valid. Another runtime's
/// handle is rejected with overwhelming probability: to be accepted it must name a slot whose 31-bit random-based generation it happens to match.
/// </summary>
/// <typeparam name="T">Type of the object.</typeparam>
public readonly struct SlabHandle<T> : IEquatable<SlabHandle<T>>
    where T : unmanaged
{
    /// <summary>The handle that <see cref="ToUInt64"/> made a number of. Any number may be given; one that names no live object is rejected where the handle is used.</summary>
    /// <param name="value">The number.</param>
    public SlabHandle(ulong value)
        : this((uint)value, (uint)(value >> 32))
    {
    }

    internal SlabHandle(uint index, uint generation)
    {
        Index = index;
        Generation = generation;
    }

    internal uint Index { get; }

    internal uint Generation { get; }

    /// <summary>The handle as one number, for storing; equal numbers are equal handles.</summary>
    public ulong ToUInt64() => ((ulong)Generation << 32) | Index;

    /// <summary>Same slot and same life.</summary>
    /// <param name="other">The other handle.</param>
    public bool Equals(SlabHandle<T> other) => Index == other.Index && Generation == other.Generation;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SlabHandle<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Index, Generation);

    /// <summary>Same slot and same life.</summary>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    public static bool operator ==(SlabHandle<T> left, SlabHandle<T> right) => left.Equals(right);

    /// <summary>Another slot or another life.</summary>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    public static bool operator !=(SlabHandle<T> left, SlabHandle<T> right) => !left.Equals(right);

    /// <summary>Slot and generation.</summary>
    public override string ToString() => $"slot {Index}, generation {Generation}";
}
