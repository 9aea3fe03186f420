using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FolioRuntime.PageCaching.Stores;

/// <summary>Managed memory that begins at a multiple of an alignment and stays where it is.</summary>
internal static class AlignedMemory
{
    /// <summary>Some memory, its content anything.</summary>
    /// <param name="lengthBytes">How much.</param>
    /// <param name="alignmentBytes">A power of two.</param>
    public static Memory<byte> Allocate(int lengthBytes, int alignmentBytes)
    {
        var array = GC.AllocateUninitializedArray<byte>(checked(lengthBytes + alignmentBytes - 1), pinned: true);
        return array.AsMemory(Padding(array, alignmentBytes), lengthBytes);
    }

    // SAFETY: only the address is looked at, and the array is pinned, so it doesn't change.
    private static unsafe int Padding(byte[] array, int alignmentBytes) =>
        (int)(-(nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array)) & (alignmentBytes - 1));
}
