using System.Globalization;
using System.Runtime.InteropServices;
using FolioRuntime.Primitives;

namespace FolioRuntime.Platform;

/// <summary>
/// The operating system refused memory or an operation on it. The message names the call, the size and the system's own
/// error, in that order: <c>mmap of 64 GiB (68719476736 bytes) failed with OS error 12: Cannot allocate memory.</c>
/// Whatever was asked for did not happen; memory held before is as it was.
/// </summary>
public sealed class VirtualMemoryException : Exception
{
    internal VirtualMemoryException(string call, long sizeBytes, int errorCode, string? remedy = null)
        : base(Describe(call, sizeBytes, $"with OS error {Number(errorCode)}: {TextOf(errorCode)}.", remedy))
    {
        Call = call;
        SizeBytes = sizeBytes;
        ErrorCode = errorCode;
    }

    internal VirtualMemoryException(string call, long sizeBytes, string reason, Exception? innerException)
        : base(Describe(call, sizeBytes, $"with no OS error: {reason}.", remedy: null), innerException)
    {
        Call = call;
        SizeBytes = sizeBytes;
    }

    /// <summary>The call that failed, as the system's manual names it, with its advice where there is one: <c>madvise(MADV_DONTNEED)</c>.</summary>
    public string Call { get; }

    /// <summary>The number of bytes the call was about.</summary>
    public long SizeBytes { get; }

    /// <summary>The system's error number (<c>errno</c>, or <c>GetLastError</c> on Windows); 0 if it was not the system that refused.</summary>
    public int ErrorCode { get; }

    private static string Describe(string call, long sizeBytes, string error, string? remedy)
    {
        var message = $"{call} of {new ByteCount(sizeBytes)} ({Number(sizeBytes)} bytes) failed {error}";
        return remedy is null ? message : $"{message} {remedy}";
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string TextOf(int errorCode) => Marshal.GetPInvokeErrorMessage(errorCode).Trim().TrimEnd('.');
}
