namespace FolioRuntime.Primitives;

/// <summary>Sizes by which shared data is kept apart.</summary>
internal static class CacheLine
{
    /// <summary>Bytes in a cache line of the machines this runs on (x64, and most arm64).</summary>
    public const int Bytes = 64;

    /// <summary>Bytes to keep between words that different threads write: two lines, since the prefetcher fetches pairs.</summary>
    public const int PaddingBytes = 2 * Bytes;
}
