namespace FolioRuntime.Race.Forging;

/// <summary>A handle as a forger sees it: 64 bits, generation above index. <see cref="Slabs.SlabHandle"/> and <see cref="Folios.FolioHandle"/> are both laid out so.</summary>
internal static class Forged
{
    public static uint IndexOf(ulong handle) => (uint)handle;

    public static uint GenerationOf(ulong handle) => (uint)(handle >> 32);

    public static ulong From(uint index, uint generation) => ((ulong)generation << 32) | index;
}
