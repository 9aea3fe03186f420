using System.Runtime.CompilerServices;

namespace FolioRuntime.Primitives;

/// <summary>
/// The 64-bit head of a lock-free LIFO of magazines, which are numbered from 0.
/// <code>
///    63                      24 23        12 11         0
///    [ pops ever : 40 bits     | length : 12 | top+1 : 12 ]     top+1 = 0: empty
/// </code>
/// Pops are counted for ever, also while the list is empty: a pop compares the whole head, so one that read what follows the top before others popped that top
/// and pushed it back is refused. Only after exactly 2^40 pops between its load and its exchange would it pass: at ten million a second, thirty hours.
/// Source: R. K. Treiber, Systems Programming: Coping with Parallelism (1986), with the tag of its §on ABA.
/// </summary>
internal readonly record struct MagazineList(ulong Bits)
{
    /// <summary>Most magazines that a list can number.</summary>
    public const int Limit = (1 << FieldBits) - 1;

    private const int FieldBits = 12;
    private const int PopShift = 2 * FieldBits;
    private const ulong FieldMask = (1 << FieldBits) - 1;

    /// <summary>The number of the magazine on top, or -1.</summary>
    public int Top => (int)(Bits & FieldMask) - 1;

    public int Length => (int)((Bits >> FieldBits) & FieldMask);

    /// <summary>With one more on top, which is followed by the present top.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public MagazineList Pushed(int magazine) => new((Bits >> PopShift << PopShift) | ((ulong)(Length + 1) << FieldBits) | (uint)(magazine + 1));

    /// <summary>Without the top, whose follower is given as a number, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public MagazineList Popped(int follower) => new((((Bits >> PopShift) + 1) << PopShift) | ((ulong)(Length - 1) << FieldBits) | (uint)(follower + 1));
}
