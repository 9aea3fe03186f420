using FolioRuntime.Folios;

namespace FolioRuntime.PageCaching;

/// <summary>A page that is being written, in a pass of writeback. Under the mapping's latch for that.</summary>
/// <param name="index">Which page of the mapping.</param>
/// <param name="handle">Its folio, on which the pass has a reference.</param>
internal struct PassedPage(long index, FolioHandle handle)
{
    public readonly long Index = index;

    public readonly FolioHandle Handle = handle;

    /// <summary>Bytes of it that are written, once they were copied.</summary>
    public int LengthBytes;

    /// <summary>It wasn't cleaned and stays dirty (C11): only of a page of a type.</summary>
    public bool IsKept;
}
