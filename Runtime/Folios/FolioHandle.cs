using System.Globalization;

namespace FolioRuntime.Folios;

/// <summary>
/// Names one folio for as long as it lives, and never another: frame number and generation, 8 bytes. Weak: it holds nothing,
/// may be stored anywhere, copied, and kept after the folio is gone, when every use of it is rejected. The default value
/// is no folio's handle.
/// </summary>
public readonly record struct FolioHandle
{
    internal FolioHandle(uint frame, uint generation)
    {
        Frame = frame;
        Generation = generation;
    }

    internal static FolioHandle FromBits(ulong bits) => new((uint)bits, (uint)(bits >> 32));

    /// <summary>Whether a runtime issued it: false for the default value. Says nothing about whether the folio is alive.</summary>
    public bool IsValid => Generation != 0;

    /// <summary>Both in one word, generation above frame. The default's is 0.</summary>
    internal ulong Bits => ((ulong)Generation << 32) | Frame;

    internal uint Frame { get; }

    internal uint Generation { get; }

    /// <summary>Frame and generation, for messages.</summary>
    public override string ToString() =>
        IsValid ? string.Create(CultureInfo.InvariantCulture, $"folio {Frame} (generation {Generation})") : "no folio";
}
