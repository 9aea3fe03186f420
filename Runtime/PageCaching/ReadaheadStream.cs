namespace FolioRuntime.PageCaching;

/// <summary>One of the places at which a mapping is being read, as its misses show it.</summary>
internal struct ReadaheadStream
{
    /// <summary>The last page that was missed.</summary>
    public long Missed;

    /// <summary>From that to the next one, if it goes on as before; 0: nobody knows yet.</summary>
    public long Stride;

    /// <summary>The first page of the last window, <see cref="Stride"/> apart from the others.</summary>
    public long Start;

    /// <summary>How many pages the last window has; 0: there is none.</summary>
    public int Count;

    /// <summary>Most that a window of it may have: less than elsewhere if pages were gone before they were read.</summary>
    public int Limit;

    /// <summary>When it was last of use.</summary>
    public long Used;

    /// <summary>The page after the last window, which is missed if the reader is faster than the store.</summary>
    public readonly long End => Start + (Count * Stride);

    /// <summary>Whether a page is one of the last window.</summary>
    public readonly bool Has(long index) => Count > 0 && (index - Start) % Stride == 0 && (index - Start) / Stride is var place && place >= 0 && place < Count;
}
