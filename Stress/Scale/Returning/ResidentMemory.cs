using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace FolioRuntime.Scale.Returning;

/// <summary>Memory of this process that is in the machine's. Asking allocates nothing, so that it can be asked often without being part of the answer.</summary>
internal static class ResidentMemory
{
    private const string Place = "/proc/self/statm";
    private const int LongestText = 256;

    // Open for the life of the process. Each read from its beginning is of the moment.
    private static readonly SafeFileHandle? s_statm = OperatingSystem.IsLinux() ? File.OpenHandle(Place) : null;

    /// <summary>Bytes now. Linux: the second number of <c>/proc/self/statm</c>. Any thread.</summary>
    public static long Bytes()
    {
        if (s_statm is null)
            return Environment.WorkingSet;
        Span<byte> buffer = stackalloc byte[LongestText];
        ReadOnlySpan<byte> text = buffer[..RandomAccess.Read(s_statm, buffer, 0)];
        var second = text[(text.IndexOf((byte)' ') + 1)..];
        return Utf8Parser.TryParse(second, out long pages, out _) ? pages * Environment.SystemPageSize : throw new InvalidDataException($"{Place} has no second number.");
    }
}
