namespace FolioRuntime.PageCaching;

/// <summary>What the index knows of a page besides its folio. Linux: <c>PAGECACHE_TAG_DIRTY</c>, <c>PAGECACHE_TAG_WRITEBACK</c>.</summary>
internal enum PageTag
{
    /// <summary>Its content is newer than the store's, and nobody is writing it. It has a reference on the folio.</summary>
    Dirty,

    /// <summary>It is being written. It has a reference of its own on the folio.</summary>
    Writeback,
}
