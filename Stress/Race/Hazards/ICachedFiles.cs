namespace FolioRuntime.Race.Hazards;

/// <summary>Pages of some files in a cache that holds fewer, as their scene sees them: a page cache of the runtime's, or a control.</summary>
internal interface ICachedFiles : IDisposable
{
    /// <summary>Copies the beginning of a page out, which is read from its file if it isn't there.</summary>
    void Read(int file, int page, Span<byte> destination);

    /// <summary>Forgets a page.</summary>
    void Drop(int file, int page);
}
