using System.Globalization;

namespace FolioRuntime.Primitives;

/// <summary>The position of a 4 KiB frame in its runtime's reservation, counted from 0. Linux: a page frame number (pfn).</summary>
/// <param name="Value">The number of the frame.</param>
internal readonly record struct FrameNumber(uint Value)
{
    /// <summary>No frame. Frame 0 is an ordinary frame; the end of a list is this.</summary>
    public static FrameNumber None => new(uint.MaxValue);

    public bool IsNone => Value == uint.MaxValue;

    /// <summary>The frame that makes a block of twice the size with this one: its number differs in one bit.</summary>
    public FrameNumber Buddy(int order) => new(Value ^ (1u << order));

    public static FrameNumber operator +(FrameNumber frame, int frames) => new(frame.Value + (uint)frames);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
