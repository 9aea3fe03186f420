using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <summary>What stands behind the mapping of a type: pages are constructed where a file's are read, and cleaned where they are written. As long as a mapping may be, one page at a time.</summary>
internal sealed class PageTypeStore(PageTypeOptions options) : IPageStore
{
    public long LengthBytes => PageIndex.IndexLimit << PageOrder.FrameShift;

    public int AlignmentBytes => 1;

    public int Read(Span<byte> destination, long offsetBytes)
    {
        destination.Clear();
        options.Construct(offsetBytes >> PageOrder.FrameShift, destination);
        return destination.Length;
    }

    public void Write(ReadOnlySpan<byte> source, long offsetBytes) => options.Clean!(offsetBytes >> PageOrder.FrameShift, source);

    public void Flush()
    {
    }

    public void SetLength(long lengthBytes) => throw new NotSupportedException("Pages of a type aren't cut off.");

    public void Dispose()
    {
    }
}
