using System.IO.MemoryMappedFiles;
using FolioRuntime.Harness;
using FolioRuntime.PageCaching;
using FolioRuntime.Primitives;

namespace FolioRuntime.Bench;

/// <summary>Reads of a small file that the system has in its own cache: by the page cache, by the system's call and by a mapping, at places that look random. The baseline is the system's call for 64 bytes.</summary>
internal sealed unsafe class PageOperations : IDisposable
{
    public const string Baseline = "random-access-64";

    private const int Pages = 256;
    private const int FewPages = 16;
    private const int Places = 1024;
    private const int SmallBytes = 64;
    private const int Within = 128;
    private const int PageBytes = PageOrder.FrameBytes;

    private readonly string _path = Path.GetTempFileName();
    private readonly PoolRuntime _runtime = new(new PoolRuntimeOptions { CapacityBytes = 64 << 20, ReservationBytes = 64 << 20, TrimInterval = Timeout.InfiniteTimeSpan });
    private readonly PageMapping _cached;
    private readonly PageMapping _missing;
    private readonly BenchFile _file;
    private readonly MemoryMappedFile _mapped;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _bytes;
    private readonly int[] _places = new int[Places];
    private readonly byte[] _copy = new byte[PageBytes];
    private ulong _word;

    public PageOperations()
    {
        File.WriteAllBytes(_path, [.. Enumerable.Range(0, Pages * PageBytes).Select(at => (byte)at)]);
        var random = new Random(1);
        for (var i = 0; i < Places; i++)
            _places[i] = random.Next(Pages) * PageBytes;
        _file = new BenchFile(_path);
        _mapped = MemoryMappedFile.CreateFromFile(_path);
        _view = _mapped.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
        _cached = _runtime.CreatePageCache(new PageCacheOptions { Name = "all", CapacityPages = Pages }).Open(new BenchFile(_path));
        _missing = _runtime.CreatePageCache(new PageCacheOptions { Name = "few", CapacityPages = FewPages, Policy = ReplacementPolicies.Lru }).Open(new BenchFile(_path));
        _cached.Read(0, new byte[Pages * PageBytes]);
        All =
        [
            new TimedOperation(Baseline, count => ReadFile(count, SmallBytes)),
            new TimedOperation("mapped-64", count => ReadMapped(count, SmallBytes)),
            new TimedOperation("page-cache-64", count => ReadCached(count, SmallBytes)),
            new TimedOperation("random-access-4096", count => ReadFile(count, PageBytes)),
            new TimedOperation("mapped-4096", count => ReadMapped(count, PageBytes)),
            new TimedOperation("page-cache-4096", count => ReadCached(count, PageBytes)),
            new TimedOperation("page-cache-4096-miss", ReadMissing),
            new TimedOperation("two-atomic-adds", AddTwice),
            new TimedOperation("page-get-put", GetAndPut),
        ];
    }

    public IReadOnlyList<TimedOperation> All { get; }

    public void Dispose()
    {
        _runtime.Dispose();
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _mapped.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }

    private void ReadFile(int count, int lengthBytes)
    {
        var copy = _copy.AsSpan(0, lengthBytes);
        var within = PlaceWithin(lengthBytes);
        for (var i = 0; i < count; i++)
            _file.Read(copy, _places[i % Places] + within);
    }

    // SAFETY: the view is as long as the file, and every place lies in it.
    private void ReadMapped(int count, int lengthBytes)
    {
        var copy = _copy.AsSpan(0, lengthBytes);
        var within = PlaceWithin(lengthBytes);
        for (var i = 0; i < count; i++)
            new ReadOnlySpan<byte>(_bytes + _places[i % Places] + within, lengthBytes).CopyTo(copy);
    }

    private void ReadCached(int count, int lengthBytes)
    {
        var copy = _copy.AsSpan(0, lengthBytes);
        var within = PlaceWithin(lengthBytes);
        for (var i = 0; i < count; i++)
            _cached.Read(_places[i % Places] + within, copy);
    }

    // One page after the other, through a cache that has gone on to others before a page's turn comes again.
    private void ReadMissing(int count)
    {
        for (var i = 0; i < count; i++)
            _missing.Read(i % Pages * PageBytes, _copy);
    }

    private void AddTwice(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Interlocked.Add(ref _word, 1);
            Interlocked.Add(ref _word, ulong.MaxValue);
        }
    }

    private void GetAndPut(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (_cached.TryGetFolio(_places[i % Places] / PageBytes, out var page))
                page.Dispose();
        }
    }

    private static int PlaceWithin(int lengthBytes) => lengthBytes < PageBytes ? Within : 0;
}
