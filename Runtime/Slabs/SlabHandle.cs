using System.Runtime.CompilerServices;

namespace FolioRuntime.Slabs;

/// <summary>
/// Names one life of one slot: 8 bytes, to be stored and passed anywhere. It keeps nothing alive. Once the object is freed the handle
/// is rejected for ever, also when the slot, or its memory, serves another object. The default is never valid. Another runtime's
/// handle is rejected with overwhelming probability: to be accepted it must name a slot whose 31-bit random-based generation it happens to match.
/// </summary>
public readonly struct SlabHandle : IEquatable<SlabHandle>
{
    // generation[32..63] | index[0..31]. One field, not two: a handle that is stored as two halves and loaded as a whole stalls the processor.
    private readonly ulong _value;

    /// <summary>The handle that <see cref="ToUInt64"/> made a number of. Any number may be given; one that names no live object is rejected where the handle is used.</summary>
    /// <param name="value">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SlabHandle(ulong value) => _value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal SlabHandle(nuint index, ulong generation) => _value = (generation << 32) | index;

    internal uint Index => (uint)_value;

    internal uint Generation => (uint)(_value >> 32);

    /// <summary>The handle as one number, for storing; equal numbers are equal handles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ToUInt64() => _value;

    /// <summary>Same slot and same life.</summary>
    /// <param name="other">The other handle.</param>
    public bool Equals(SlabHandle other) => _value == other._value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SlabHandle other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <summary>Same slot and same life.</summary>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    public static bool operator ==(SlabHandle left, SlabHandle right) => left.Equals(right);

    /// <summary>Another slot or another life.</summary>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    public static bool operator !=(SlabHandle left, SlabHandle right) => !left.Equals(right);

    /// <summary>Slot and generation.</summary>
    public override string ToString() => $"slot {Index}, generation {Generation}";
}
