using FolioRuntime.Folios;

namespace FolioRuntime.PageCaching;

/// <summary>
/// What the cache knows of one folio, by the number of its first page. Its other pages have numbers too, so that numbers in use are pages in use, but nothing is known by these.
/// Under the latch of the <see cref="PageTable"/>.
/// </summary>
internal struct CachedPage
{
    public FolioHandle Handle;

    /// <summary>Which page of the mapping, the first of the folio.</summary>
    public long Index;

    /// <summary>The mapping, by its number in the table.</summary>
    public int Mapping;

    public PageState State;

    /// <summary>2^order pages.</summary>
    public byte Order;

    /// <summary>How many of these are in the index, or being filled. The others were dropped; their frames stay with the folio.</summary>
    public int PagesThere;

    /// <summary>It was hit since its mapping last looked for a page of its own to give up.</summary>
    public bool IsHit;

    /// <summary>The folio of the same mapping that came just before, or −1.</summary>
    public int Older;

    /// <summary>The folio of the same mapping that came just after, or −1.</summary>
    public int Newer;

    /// <summary>Of a free number: the next free one, or −1. Of others: the next number of the same folio, or −1.</summary>
    public int Next;
}
