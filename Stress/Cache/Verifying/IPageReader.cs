namespace FolioRuntime.Caching.Verifying;

/// <summary>Reads a part of a page in two steps: finds the page, and copies it some time later. A control, or the same with its line right.</summary>
internal interface IPageReader
{
    /// <summary>Copies bytes of a page out.</summary>
    /// <param name="file">The file.</param>
    /// <param name="page">Which page of it.</param>
    /// <param name="within">Where in the page to begin.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="pause">Run between the two steps.</param>
    /// <returns>False: not found; what was copied means nothing.</returns>
    bool TryRead(VerifiedFile file, int page, int within, Span<byte> destination, Action pause);
}
