using System.Collections;
using System.Runtime.InteropServices;
using FolioRuntime.Primitives;

namespace FolioRuntime.Platform;

/// <summary>
/// A region inside one pinned array. Its addresses stay good while the array lives: the region holds the array until it is
/// closed, and so does every segment handed out, so a segment outlives the region. Then the collector frees the array.
/// Committing clears the pages that were not committed before. Discarding gives their memory back on Linux: the collector's heap is anonymous private memory
/// there, the collector never looks into an array of bytes, and the next touch finds zeros. Elsewhere it does nothing: readers are owed nothing but readable bytes.
/// </summary>
internal sealed class PinnedArrayRegion : MemoryRegion
{
    private readonly Latch _latch = new();
    private readonly BitArray _committedPages;
    private readonly int _pageBytes;
    private readonly int _startInArray;

    // Writer: the constructor, and the release that ends the region. Readers: any thread, which may miss the release.
    private byte[]? _array;

    public PinnedArrayRegion(byte[] array, long sizeBytes, long alignmentBytes, int pageBytes)
        : base(sizeBytes, pageBytes)
    {
        var first = Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        Base = ReservationArguments.AlignUp(first, alignmentBytes);
        _startInArray = checked((int)(Base - first));
        _pageBytes = pageBytes;
        _committedPages = new BitArray(checked((int)(sizeBytes / pageBytes)));
        _array = array;
        SetHandle(Base);
    }

    public override bool HasArray => true;

    public override bool DiscardGivesBack => OperatingSystem.IsLinux();

    public override bool TryGetArray(long offsetBytes, int lengthBytes, out ArraySegment<byte> segment)
    {
        RequireInside(offsetBytes, lengthBytes);
        var array = _array;
        ObjectDisposedException.ThrowIf(array is null, this);
        segment = new ArraySegment<byte>(array, checked(_startInArray + (int)offsetBytes), lengthBytes);
        return true;
    }

    protected override void CommitCore(long offsetBytes, long lengthBytes)
    {
        TryGetArray(offsetBytes, checked((int)lengthBytes), out var segment);
        // Two commits of one page must not both clear it: the second might wipe what the first's caller has written.
        using var scope = _latch.Hold();
        var firstPage = (int)(offsetBytes / _pageBytes);
        for (var page = 0; page < (int)(lengthBytes / _pageBytes); page++)
        {
            if (_committedPages[firstPage + page])
                continue;
            segment.AsSpan(page * _pageBytes, _pageBytes).Clear();
            _committedPages[firstPage + page] = true;
        }
    }

    /// <summary>Pages that are locked, or huge ones of the collector's, are refused as they are on any mapping: then nothing has happened to them.</summary>
    protected override bool DiscardCore(long offsetBytes, long lengthBytes) =>
        OperatingSystem.IsLinux()
        && UnixCalls.TryAdvise(checked(Base + (nint)offsetBytes), lengthBytes, LinuxMemoryRegion.AdviceDontNeed, "MADV_DONTNEED");

    /// <summary>The pages are the collector's, which may touch them.</summary>
    protected override bool SetAccessCore(long offsetBytes, long lengthBytes, bool allowed) => false;

    protected override bool AdviseHugePagesCore(long offsetBytes, long lengthBytes) => false;

    protected override bool ExcludeFromForkCore(long offsetBytes, long lengthBytes) => false;

    protected override bool ExcludeFromDumpCore(long offsetBytes, long lengthBytes) => false;

    protected override bool ReleaseHandle()
    {
        _array = null;
        return true;
    }
}
