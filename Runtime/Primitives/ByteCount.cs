using System.Globalization;

namespace FolioRuntime.Primitives;

/// <summary>A number of bytes, printed in binary units.</summary>
/// <param name="Value">The number of bytes, zero or more.</param>
public readonly record struct ByteCount(long Value) : IComparable<ByteCount>
{
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>Orders by size.</summary>
    /// <param name="other">The other count.</param>
    public int CompareTo(ByteCount other) => Value.CompareTo(other.Value);

    /// <summary>Less than.</summary>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    public static bool operator <(ByteCount left, ByteCount right) => left.Value < right.Value;

    /// <summary>Greater than.</summary>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    public static bool operator >(ByteCount left, ByteCount right) => left.Value > right.Value;

    /// <summary>Less than or equal.</summary>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    public static bool operator <=(ByteCount left, ByteCount right) => left.Value <= right.Value;

    /// <summary>Greater than or equal.</summary>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    public static bool operator >=(ByteCount left, ByteCount right) => left.Value >= right.Value;

    /// <summary>The count in the largest binary unit that leaves at least one whole, such as <c>1.5 MiB</c>.</summary>
    public override string ToString()
    {
        double value = Value;
        var unit = 0;
        while (Math.Abs(value) >= 1024 && unit < s_units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {s_units[unit]}");
    }
}
