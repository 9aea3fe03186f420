using System.Runtime.InteropServices;

namespace FolioRuntime.Platform;

/// <summary>The calls into Windows' memory manager, each throwing one clear exception when it fails. Compiled and reviewed, not run.</summary>
internal static partial class WindowsCalls
{
    private const uint MemoryCommit = 0x1000;
    private const uint MemoryReserve = 0x2000;
    private const uint MemoryRelease = 0x8000;
    private const uint PageNoAccess = 0x01;
    private const uint PageReadWrite = 0x04;

    public static nint Reserve(long sizeBytes)
    {
        var address = VirtualAlloc(0, (nuint)sizeBytes, MemoryReserve, PageNoAccess);
        return address != 0 ? address : throw new VirtualMemoryException("VirtualAlloc(MEM_RESERVE)", sizeBytes, Marshal.GetLastPInvokeError());
    }

    public static void Commit(nint address, long sizeBytes)
    {
        if (VirtualAlloc(address, (nuint)sizeBytes, MemoryCommit, PageReadWrite) == 0)
            throw new VirtualMemoryException("VirtualAlloc(MEM_COMMIT)", sizeBytes, Marshal.GetLastPInvokeError());
    }

    public static void Discard(nint address, long sizeBytes)
    {
        // This one returns its error and does not set the thread's last error.
        var error = DiscardVirtualMemory(address, (nuint)sizeBytes);
        if (error != 0)
            throw new VirtualMemoryException("DiscardVirtualMemory", sizeBytes, (int)error);
    }

    public static bool TryRelease(nint address) => VirtualFree(address, 0, MemoryRelease) != 0;

    [LibraryImport("kernel32", EntryPoint = "VirtualAlloc", SetLastError = true)]
    private static partial nint VirtualAlloc(nint address, nuint sizeBytes, uint allocationType, uint protection);

    [LibraryImport("kernel32", EntryPoint = "VirtualFree", SetLastError = true)]
    private static partial int VirtualFree(nint address, nuint sizeBytes, uint freeType);

    [LibraryImport("kernel32", EntryPoint = "DiscardVirtualMemory")]
    private static partial uint DiscardVirtualMemory(nint address, nuint sizeBytes);
}
