using System.Runtime.InteropServices;

namespace FolioRuntime.Race.Forging;

/// <summary>What an owner writes into its object, and checks before it gives it back: whose it is, and that from both ends.</summary>
internal static class Stamp
{
    public const int LeastBytes = 2 * sizeof(ulong);

    public static void Write(Span<byte> bytes, ulong handle, int target)
    {
        MemoryMarshal.Write(bytes, handle);
        MemoryMarshal.Write(bytes[^sizeof(ulong)..], Mix(handle, target));
    }

    public static ulong HandleIn(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<ulong>(bytes);

    public static bool IsIntact(ReadOnlySpan<byte> bytes, ulong handle, int target) =>
        HandleIn(bytes) == handle && MemoryMarshal.Read<ulong>(bytes[^sizeof(ulong)..]) == Mix(handle, target);

    private static ulong Mix(ulong handle, int target) => unchecked((handle + (ulong)target) * 0x9E3779B97F4A7C15);
}
