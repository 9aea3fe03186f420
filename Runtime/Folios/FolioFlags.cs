namespace FolioRuntime.Folios;

/// <summary>
/// What a page cache notes on a folio. The runtime clears them when a folio is allocated and otherwise leaves their meaning
/// to whoever sets them. Linux: <c>enum pageflags</c>.
/// </summary>
[Flags]
public enum FolioFlags
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>Somebody has the right to change the folio. Linux: <c>PG_locked</c>.</summary>
    Locked = 1,

    /// <summary>The content is what its source holds, or newer. Linux: <c>PG_uptodate</c>.</summary>
    UpToDate = 2,

    /// <summary>The content is newer than its source. Linux: <c>PG_dirty</c>.</summary>
    Dirty = 4,

    /// <summary>The content is being written to its source. Linux: <c>PG_writeback</c>.</summary>
    Writeback = 8,

    /// <summary>Used since it was last looked at for reclaim. Linux: <c>PG_referenced</c>.</summary>
    Referenced = 16,
}
