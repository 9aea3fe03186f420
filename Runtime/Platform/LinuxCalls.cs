using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FolioRuntime.Platform;

/// <summary>The system calls that only Linux has.</summary>
internal static partial class LinuxCalls
{
    private const int MayMove = 1;
    private const int Fixed = 2;
    private const nint MapFailed = -1;
    private const int PolicyPreferred = 1;
    private const int GetFlags = 3;
    private const int SetFlags = 4;

    // O_DIRECT, from asm-generic/fcntl.h and arm64's own.
    private static readonly int s_direct = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x1_0000 : 0x4000;

    // From asm/unistd_64.h and asm-generic/unistd.h: the C library has no function for it.
    private static readonly nint s_memoryBind = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 235 : 237;

    /// <summary>Puts a mapping in the place of another, in one step for whoever reads there. False: the system refuses; the mapping is then unmapped.</summary>
    public static bool TryMoveOrUnmap(nint mapped, long sizeBytes, nint destination)
    {
        if (Remap(mapped, (nuint)sizeBytes, (nuint)sizeBytes, MayMove | Fixed, destination) != MapFailed)
            return true;
        _ = UnixCalls.TryUnmap(mapped, sizeBytes);
        return false;
    }

    /// <summary>Has pages that are touched from now on come from a node, or from others if it has none. False: the system refuses.</summary>
    public static bool TryPreferNode(nint address, long sizeBytes, int node)
    {
        // The kernel reads one bit less than it is told.
        var mask = 1ul << node;
        return MemoryBind(s_memoryBind, address, (nuint)sizeBytes, PolicyPreferred, in mask, bits: 65, flags: 0) == 0;
    }

    /// <summary>Has transfers of an open file go past the system's cache. False: its file system can't.</summary>
    public static bool TryBypassCache(SafeFileHandle file, out int error)
    {
        var flags = Control(file, GetFlags, 0);
        var done = flags >= 0 && Control(file, SetFlags, flags | s_direct) == 0;
        error = done ? 0 : Marshal.GetLastPInvokeError();
        return done;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint MemoryBind(nint number, nint address, nuint sizeBytes, nint mode, in ulong nodes, nuint bits, nuint flags);

    [LibraryImport("libc", EntryPoint = "mremap", SetLastError = true)]
    private static partial nint Remap(nint address, nuint oldBytes, nuint newBytes, int flags, nint destination);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, nint argument);
}
