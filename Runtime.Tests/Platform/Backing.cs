using FolioRuntime.Platform;

namespace FolioRuntime.Tests.Platform;

/// <summary>The two kinds of memory under one contract, to parameterise fixtures with.</summary>
public enum Backing
{
    Native,
    PinnedArray,
}

internal static class BackingExtensions
{
    public static IVirtualMemory Memory(this Backing backing) =>
        backing == Backing.Native ? VirtualMemory.ForThisSystem() : new PinnedArrayMemory();
}
