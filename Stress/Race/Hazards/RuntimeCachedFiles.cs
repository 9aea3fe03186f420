extern alias instrumented;

using System.Runtime.InteropServices;
using instrumented::FolioRuntime.PageCaching;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;
using PageOrder = instrumented::FolioRuntime.Primitives.PageOrder;

namespace FolioRuntime.Race.Hazards;

/// <summary>The subject: a page cache of the shipping sources over the instrumented seam.</summary>
internal sealed class RuntimeCachedFiles : ICachedFiles
{
    private const int Capacity = CachedFilesScene.Files * CachedFilesScene.Pages * PageOrder.FrameBytes;

    private readonly InstrumentedRuntime _runtime;
    private readonly PageMapping[] _files;

    public RuntimeCachedFiles(Referee referee)
    {
        _runtime = new InstrumentedRuntime(new InstrumentedOptions { CapacityBytes = Capacity, ReservationBytes = Capacity, MaxOrder = 0, TrimInterval = Timeout.InfiniteTimeSpan });
        _runtime.ViolationDetected += violation => referee.Report(violation.ToString());
        var cache = _runtime.CreatePageCache(new PageCacheOptions { CapacityPages = CachedFilesScene.CachedPages, Policy = ReplacementPolicies.Clock });
        _files = [.. Enumerable.Range(0, CachedFilesScene.Files).Select(file => cache.Open(new Content(file)))];
    }

    public void Read(int file, int page, Span<byte> destination) => _files[file].Read((long)page * PageOrder.FrameBytes, destination);

    public void Drop(int file, int page) => _files[file].Invalidate((long)page * PageOrder.FrameBytes, PageOrder.FrameBytes);

    public void Dispose() => _runtime.Dispose();

    private sealed class Content(int file) : IPageStore
    {
        public long LengthBytes => CachedFilesScene.Pages * PageOrder.FrameBytes;

        public int AlignmentBytes => 1;

        public int Read(Span<byte> destination, long offsetBytes)
        {
            MemoryMarshal.Cast<byte, ulong>(destination).Fill(CachedFilesScene.ContentOf(file, offsetBytes / PageOrder.FrameBytes));
            return destination.Length;
        }

        public void Write(ReadOnlySpan<byte> source, long offsetBytes) => throw new NotSupportedException();

        public void Flush()
        {
        }

        public void SetLength(long lengthBytes) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
