namespace FolioRuntime.Caching.Verifying;

/// <summary>
/// What a page holds, in one number: the pattern of a version up to a place, zeros from there on.
/// <code>
///   version | bytes of the pattern : 13 bits
/// </code>
/// </summary>
internal readonly record struct PageContent(long Number)
{
    private const int LengthBits = 13;

    public PageContent(long version, int patternBytes)
        : this((version << LengthBits) | (long)patternBytes)
    {
    }

    public long Version => Number >> LengthBits;

    public int PatternBytes => (int)(Number & ((1 << LengthBits) - 1));

    /// <summary>The next version, whole up to a place.</summary>
    public PageContent Rewritten(int patternBytes) => new(Version + 1, patternBytes);

    /// <summary>Zeros from a place on.</summary>
    public PageContent CutAt(int place) => new(Version, Math.Min(PatternBytes, place));
}
