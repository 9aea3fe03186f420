extern alias instrumented;

using FolioRuntime.Race.Controls;
using instrumented::FolioRuntime.Lifetimes;

namespace FolioRuntime.Race.Traces;

/// <summary>How each protocol's word reads in a timeline.</summary>
internal static class WordText
{
    public static string Of(string protocol, ulong word) => protocol switch
    {
        "kernel-v4" => OfKernelV4(word),
        "sticky" => OfSticky(word),
        _ => OfRuntime(new LifetimeWord(word)),
    };

    private static string OfKernelV4(ulong word) => (word & KernelV4Word.Frozen) != 0 ? "FROZEN" : $"refs {word}";

    private static string OfSticky(ulong word) => (word & StickyWord.Zero) == 0
        ? $"refs {word}"
        : (word & StickyWord.Helped) != 0 ? "ZERO+HELPED" : "ZERO";

    private static string OfRuntime(LifetimeWord word) =>
        word.IsLive ? $"gen {word.Generation:x}, {(word.IsOwned ? "owned, " : "")}refs {word.References}" : $"gen {word.Generation:x}, dead";
}
