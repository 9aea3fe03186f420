using System.Runtime.InteropServices;

namespace FolioRuntime.Platform;

/// <summary>
/// The system calls that Linux and macOS share, each throwing one clear exception when it fails. The constants here have
/// the same values on both systems, x64 and arm64; those that differ are with the system they belong to.
/// </summary>
internal static partial class UnixCalls
{
    public const int MapPrivate = 0x02;
    private const int ProtectNone = 0;
    private const int ProtectReadWrite = 1 | 2;
    private const nint MapFailed = -1;

    /// <summary>Reserves address space that faults when touched. On failure nothing stays behind.</summary>
    public static nint Reserve(long sizeBytes, int flags)
    {
        var address = Map(0, (nuint)sizeBytes, ProtectNone, flags, file: -1, offset: 0);
        if (address == MapFailed)
            throw Failure("mmap", sizeBytes, "Address space may be limited (ulimit -v).");
        return address;
    }

    /// <summary>Maps readable and writable pages wherever the system likes. False: it refuses.</summary>
    public static bool TryMapForUse(long sizeBytes, int flags, out nint address)
    {
        address = Map(0, (nuint)sizeBytes, ProtectReadWrite, flags, file: -1, offset: 0);
        return address != MapFailed;
    }

    /// <summary>Makes pages readable and writable: the step at which a system that counts commitments says no.</summary>
    public static void ProtectForUse(nint address, long sizeBytes)
    {
        if (Protect(address, (nuint)sizeBytes, ProtectReadWrite) != 0)
            throw Failure("mprotect", sizeBytes, "Memory may be limited (vm.overcommit_memory=2, ulimit -d) or cut into too many mappings (vm.max_map_count).");
    }

    /// <summary>Makes pages fault when touched; their content stays.</summary>
    public static void ProtectFromUse(nint address, long sizeBytes)
    {
        if (Protect(address, (nuint)sizeBytes, ProtectNone) != 0)
            throw Failure("mprotect", sizeBytes, "Memory may be cut into too many mappings (vm.max_map_count).");
    }

    public static void Advise(nint address, long sizeBytes, int advice, string adviceName)
    {
        if (Advise(address, (nuint)sizeBytes, advice) != 0)
            throw Failure($"madvise({adviceName})", sizeBytes);
    }

    /// <summary>As <see cref="Advise(nint, long, int, string)"/>, but false if the system doesn't know the advice.</summary>
    public static bool TryAdvise(nint address, long sizeBytes, int advice, string adviceName)
    {
        const int invalidArgument = 22;
        if (Advise(address, (nuint)sizeBytes, advice) == 0)
            return true;
        if (Marshal.GetLastPInvokeError() == invalidArgument)
            return false;
        throw Failure($"madvise({adviceName})", sizeBytes);
    }

    public static void Unmap(nint address, long sizeBytes)
    {
        if (!TryUnmap(address, sizeBytes))
            throw Failure("munmap", sizeBytes);
    }

    public static bool TryUnmap(nint address, long sizeBytes) => Unmap(address, (nuint)sizeBytes) == 0;

    public static VirtualMemoryException Failure(string call, long sizeBytes, string? remedy = null) =>
        new(call, sizeBytes, Marshal.GetLastPInvokeError(), remedy);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint sizeBytes, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nuint sizeBytes);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint sizeBytes, int protection);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(nint address, nuint sizeBytes, int advice);
}
