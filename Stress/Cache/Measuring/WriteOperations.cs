using System.Diagnostics;
using System.IO.MemoryMappedFiles;
using FolioRuntime.Harness;
using FolioRuntime.PageCaching;
using FolioRuntime.PageCaching.Stores;
using FolioRuntime.Primitives;
using Microsoft.Win32.SafeHandles;

namespace FolioRuntime.Caching.Measuring;

/// <summary>What writes cost: to a page that is dirty already and to one that isn't, beside the system's call and a store into a mapped file; and writing a dirty page to its file. On one thread, nothing in the background.</summary>
internal sealed class WriteOperations : IDisposable
{
    public const string System = "random-access-write";
    public const string Dirty = "write-dirty";
    public const string Clean = "write-clean";
    public const string Mapped = "mapped-store";
    public const string SystemPage = "write-4k";
    public const string SystemRun = "write-128k";
    public const string Writeback = "writeback";

    private const int PageBytes = PageOrder.FrameBytes;
    private const int PagesOfRun = 32;

    private readonly PoolRuntime _runtime = new(new PoolRuntimeOptions { CapacityBytes = 64 << 20, ReservationBytes = 64 << 20, TrimInterval = Timeout.InfiniteTimeSpan });
    private readonly string _path = Path.GetTempFileName();
    private readonly SafeFileHandle _file;
    private readonly MemoryMappedFile _mappedFile;
    private readonly MemoryMappedViewAccessor _view;
    private readonly nint _address;
    private readonly PageMapping _dirty;
    private readonly PageMapping _cleaned;
    private readonly PageMapping _written;
    private readonly byte[] _content = new byte[PagesOfRun * PageBytes];

    public WriteOperations()
    {
        File.WriteAllBytes(_path, new byte[BenchFiles.Pages * PageBytes]);
        _file = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        _mappedFile = MemoryMappedFile.CreateFromFile(_path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.ReadWrite);
        _view = _mappedFile.CreateViewAccessor();
        _address = AcquireAddress();
        _dirty = Open(new MemoryPageStore(BenchFiles.Pages * PageBytes));
        _cleaned = Open(new MemoryPageStore(BenchFiles.Pages * PageBytes));
        _written = Open(new UnflushedStore(new FilePageStore(_path)));
        foreach (var mapping in (PageMapping[])[_dirty, _cleaned, _written])
            MakeDirty(mapping);
    }

    /// <summary>What is compared with what, by bytes of a write: the baseline first.</summary>
    public TimedOperation[] Writes(int sizeBytes) =>
    [
        new(System, count => WriteFile(count, sizeBytes)),
        new(Dirty, count => Write(_dirty, count, sizeBytes)),
        new(Clean, _ => { }) { TimeItself = count => TimeClean(count, sizeBytes) },
        new(Mapped, count => StoreMapped(count, sizeBytes)),
    ];

    /// <summary>What writing a page to the file costs, however many pages a call has.</summary>
    public TimedOperation[] Writebacks =>
    [
        new(SystemPage, count => WriteFile(count, PageBytes)),
        new(SystemRun, WriteRuns),
        new(Writeback, _ => { }) { TimeItself = TimeWriteback },
    ];

    public void Dispose()
    {
        _runtime.Dispose();
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _mappedFile.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }

    private PageMapping Open(IPageStore store) =>
        _runtime.CreatePageCache(new PageCacheOptions { CapacityPages = 2 * BenchFiles.Pages, DirtyBackgroundPercent = 100, DirtyPercent = 100 }).Open(store);

    // Pages in an order in which no two follow each other; each place within a page in turn.
    private static long PlaceOf(int i, int sizeBytes) => ((long)(i * 37 % BenchFiles.Pages) * PageBytes) + (i * 64 % (PageBytes - sizeBytes + 64));

    private void WriteFile(int count, int sizeBytes)
    {
        for (var i = 0; i < count; i++)
            RandomAccess.Write(_file, _content.AsSpan(0, sizeBytes), PlaceOf(i, sizeBytes));
    }

    private void Write(PageMapping mapping, int count, int sizeBytes)
    {
        for (var i = 0; i < count; i++)
            mapping.Write(PlaceOf(i, sizeBytes), _content.AsSpan(0, sizeBytes));
    }

    private void MakeDirty(PageMapping mapping)
    {
        for (var page = 0; page < BenchFiles.Pages; page++)
            mapping.Write((long)page * PageBytes, _content.AsSpan(0, 64));
    }

    // Only the writes are timed, and not what makes the pages clean.
    private TimeSpan TimeClean(int count, int sizeBytes)
    {
        var total = TimeSpan.Zero;
        for (var left = count; left > 0; left -= BenchFiles.Pages)
        {
            _cleaned.Flush();
            var start = Stopwatch.GetTimestamp();
            Write(_cleaned, Math.Min(left, BenchFiles.Pages), sizeBytes);
            total += Stopwatch.GetElapsedTime(start);
        }

        return total;
    }

    // SAFETY: the place and the bytes from there lie within the view, which is as long as the file.
    private unsafe void StoreMapped(int count, int sizeBytes)
    {
        for (var i = 0; i < count; i++)
            _content.AsSpan(0, sizeBytes).CopyTo(new Span<byte>((byte*)_address + PlaceOf(i, sizeBytes), sizeBytes));
    }

    private void WriteRuns(int count)
    {
        for (var left = count; left > 0; left -= PagesOfRun)
            RandomAccess.Write(_file, _content.AsSpan(0, Math.Min(left, PagesOfRun) * PageBytes), (long)(left / PagesOfRun % (BenchFiles.Pages / PagesOfRun)) * PagesOfRun * PageBytes);
    }

    private TimeSpan TimeWriteback(int count)
    {
        var total = TimeSpan.Zero;
        for (var left = count; left > 0; left -= BenchFiles.Pages)
        {
            for (var page = 0; page < Math.Min(left, BenchFiles.Pages); page++)
                _written.Write((long)page * PageBytes, _content.AsSpan(0, 64));
            var start = Stopwatch.GetTimestamp();
            _written.Flush();
            total += Stopwatch.GetElapsedTime(start);
        }

        return total;
    }

    // SAFETY: the view is released after the last store.
    private unsafe nint AcquireAddress()
    {
        byte* address = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref address);
        return (nint)address;
    }

    /// <summary>A file that isn't made durable, so that what is timed is the writes.</summary>
    private sealed class UnflushedStore(FilePageStore store) : IPageStore
    {
        public long LengthBytes => store.LengthBytes;

        public int AlignmentBytes => store.AlignmentBytes;

        public int Read(Span<byte> destination, long offsetBytes) => store.Read(destination, offsetBytes);

        public void Write(ReadOnlySpan<byte> source, long offsetBytes) => store.Write(source, offsetBytes);

        public void Flush()
        {
        }

        public void SetLength(long lengthBytes) => store.SetLength(lengthBytes);

        public void Dispose() => store.Dispose();
    }
}
