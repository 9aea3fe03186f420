using System.Security.Cryptography;

namespace FolioRuntime.Lifetimes;

/// <summary>
/// The generations one runtime issues: from a random first one to the last, and then never again.
/// <code>
///   0        never issued: a word of zeros is dead
///   First    what a word's first publication issues: random in [1, 2^(bits-1)), one value for the whole runtime
///   Last     2^bits - 2, the last one issued
///   Retired  2^bits - 1, never issued: a word that reached it is dead for good
/// </code>
/// The first is random so that a handle of another runtime or process is rejected except with a chance of about one in
/// 2^31 for each word it might meet. The marker for a retired word lies above the last generation issued, so freeing is
/// the same step at every generation (add one, clear the rest) and a retired word can't be mistaken for a frozen one.
/// Generations never wrap: the window for ABA is not small, it is empty.
/// </summary>
internal readonly record struct GenerationSpace
{
    /// <summary>Fewest bits: one generation to issue first, one last, and the marker.</summary>
    public const int FewestBits = 2;

    public GenerationSpace(int bits, uint first)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, FewestBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, LifetimeWord.GenerationBits);
        Retired = (uint)((1ul << bits) - 1);
        Last = Retired - 1;
        ArgumentOutOfRangeException.ThrowIfZero(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Last);
        First = first;
    }

    public uint First { get; }

    public uint Last { get; }

    public uint Retired { get; }

    /// <summary>A space of this width with a random start.</summary>
    public static GenerationSpace Random(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, FewestBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, LifetimeWord.GenerationBits);
        return new GenerationSpace(bits, 1 + (uint)RandomNumberGenerator.GetInt32((int)((1u << (bits - 1)) - 1)));
    }

    /// <summary>The generation that publishing this dead word issues.</summary>
    public uint ToIssue(LifetimeWord dead) => dead.Generation == 0 ? First : dead.Generation;

    /// <summary>Whether the word has issued its last generation and must never be published again.</summary>
    public bool IsRetired(LifetimeWord word) => word.Generation == Retired;
}
