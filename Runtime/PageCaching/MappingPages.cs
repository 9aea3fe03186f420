namespace FolioRuntime.PageCaching;

/// <summary>The pages of one mapping in a <see cref="PageTable"/>, from the oldest to the newest. Under its latch.</summary>
internal struct MappingPages()
{
    /// <summary>The page's number; <see cref="PageCache.NoPage"/>: there is none.</summary>
    public int Oldest = PageCache.NoPage;

    /// <summary>The page's number; <see cref="PageCache.NoPage"/>: there is none.</summary>
    public int Newest = PageCache.NoPage;

    /// <summary>How many there are, the pages of large folios counted each.</summary>
    public int Count;

    /// <summary>How many there may be; 0: as many as the cache has.</summary>
    public int Quota;
}
