using FolioRuntime.Folios;

namespace FolioRuntime.PageCaching;

/// <summary>What the cache knows of one page, by the page's number. Under the latch of the <see cref="PageTable"/>.</summary>
internal struct CachedPage
{
    public FolioHandle Handle;

    /// <summary>Which page of the mapping.</summary>
    public long Index;

    /// <summary>The mapping, by its number in the table.</summary>
    public int Mapping;

    public PageState State;

    /// <summary>It was hit since its mapping last looked for a page of its own to give up.</summary>
    public bool IsHit;

    /// <summary>The page of the same mapping that came just before, or −1.</summary>
    public int Older;

    /// <summary>The page of the same mapping that came just after, or −1.</summary>
    public int Newer;

    /// <summary>Of a free number: the next free one, or −1.</summary>
    public int NextFree;
}
