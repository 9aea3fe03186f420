namespace FolioRuntime.PageCaching;

/// <summary>What a <see cref="PageTable"/> has seen, counted under its latch.</summary>
internal struct PageCounts
{
    public long Fills;
    public long LargeFolios;
    public long Reclaimed;
    public long VictimsKept;
}
