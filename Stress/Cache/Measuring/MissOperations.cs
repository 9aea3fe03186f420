using System.Diagnostics;
using System.Runtime.CompilerServices;
using FolioRuntime.Harness;
using FolioRuntime.PageCaching;
using FolioRuntime.Primitives;
using Microsoft.Win32.SafeHandles;

namespace FolioRuntime.Caching.Measuring;

/// <summary>What pages that come and go cost: a page that is read and displaces another, one that is given up, and beside them the system's call, a page allocated and freed, and two atomic adds. On one thread.</summary>
internal sealed class MissOperations : IDisposable
{
    public const string System = "random-access";
    public const string Kept = "read-and-copy";
    public const string Miss = "miss";
    public const string MissZeroCopy = "miss-zero-copy";
    public const string Unread = "miss-unread";
    public const string Typed = "construct-destroy";
    public const string Scan = "scan";
    public const string ScanLarge = "scan-large";
    public const string Bare = "allocate-free";
    public const string Reclaim = "reclaim";
    public const string Adds = "two-atomic-adds";
    public const string GetPut = "get-put";

    private const int FewPages = 16;
    private const int PageBytes = PageOrder.FrameBytes;

    private readonly PoolRuntime _runtime = new(new PoolRuntimeOptions { CapacityBytes = 64 << 20, ReservationBytes = 64 << 20, ZeroFolios = false, TrimInterval = Timeout.InfiniteTimeSpan });
    private readonly SafeFileHandle _file;
    private readonly PageCache _givenUp;
    private readonly PageMapping _missing;
    private readonly PageMapping _unread;
    private readonly PageType _typed;
    private readonly PageMapping _reclaimed;
    private readonly PageMapping _cached;
    private readonly PageMapping _scanned;
    private readonly PageMapping _scannedLarge;
    private readonly byte[] _pages = new byte[FewPages * PageBytes];
    private readonly byte[] _copy = new byte[PageBytes];
    private ulong _word;

    public MissOperations(string path)
    {
        _file = File.OpenHandle(path);
        _missing = Cache("few", FewPages).Open(BenchFiles.StoreOf(path));
        _unread = Cache("unread", FewPages).Open(new NothingStore());
        _typed = Cache("typed", FewPages).AddType(new PageTypeOptions { Name = "typed", Construct = static (_, _) => { }, Destroy = static (_, _) => { } });
        _cached = Cache("all", BenchFiles.Pages).Open(BenchFiles.StoreOf(path));
        _scanned = _runtime.CreatePageCache(BenchFiles.LargeFolios(Scan, order: 0)).Open(BenchFiles.StoreOf(path));
        _scannedLarge = _runtime.CreatePageCache(BenchFiles.LargeFolios(ScanLarge)).Open(BenchFiles.StoreOf(path));
        _givenUp = Cache("given-up", BenchFiles.Pages);
        _reclaimed = _givenUp.Open(BenchFiles.StoreOf(path));
        for (var page = 0; page < BenchFiles.Pages; page++)
            _cached.GetFolio(page).Dispose();
    }

    /// <summary>What is compared with what: the baseline first.</summary>
    public IReadOnlyList<TimedOperation[]> Comparisons =>
    [
        [new(System, ReadFile), new(Kept, ReadAndCopy), new(Miss, ReadMissing), new(MissZeroCopy, GetMissing)],
        [new(Unread, GetUnread), new(Typed, GetConstructed)],
        [new(System, ReadFile), new(Scan, count => ReadThrough(_scanned, count)), new(ScanLarge, count => ReadThrough(_scannedLarge, count))],
        [new(Bare, AllocateAndFree), new(Reclaim, _ => { }) { TimeItself = TimeReclaim }],
        [new(Adds, AddTwice), new(GetPut, GetAndPut)],
    ];

    public void Dispose()
    {
        _runtime.Dispose();
        _file.Dispose();
    }

    private PageCache Cache(string name, int pages) => _runtime.CreatePageCache(new PageCacheOptions { Name = name, CapacityPages = pages, Policy = ReplacementPolicies.Lru, ReadaheadPages = 0 });

    // One page after the other, as those that miss.
    private void ReadFile(int count)
    {
        for (var i = 0; i < count; i++)
            ReadPage(_copy, i);
    }

    // What a miss can't do without: the page is kept, and whoever reads gets a copy.
    private void ReadAndCopy(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var page = _pages.AsSpan(i % FewPages * PageBytes, PageBytes);
            ReadPage(page, i);
            page.CopyTo(_copy);
        }
    }

    // Not in line: else the compiler takes out of the loop what each call into native code begins with, which whoever reads one page doesn't get rid of.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadPage(Span<byte> destination, int page) => RandomAccess.Read(_file, destination, page % BenchFiles.Pages * PageBytes);

    // Through a cache that has gone on to others before a page's turn comes again.
    private void ReadMissing(int count)
    {
        for (var i = 0; i < count; i++)
            _missing.Read(i % BenchFiles.Pages * PageBytes, _copy);
    }

    private void GetMissing(int count)
    {
        for (var i = 0; i < count; i++)
            _missing.GetFolio(i % BenchFiles.Pages).Dispose();
    }

    // What a miss takes besides the system's call.
    private void GetUnread(int count)
    {
        for (var i = 0; i < count; i++)
            _unread.GetFolio(i % BenchFiles.Pages).Dispose();
    }

    // Each page displaces another, which is destroyed.
    private void GetConstructed(int count)
    {
        for (var i = 0; i < count; i++)
            _typed.GetOrAdd(i % BenchFiles.Pages).Dispose();
    }

    // From its beginning again and again, each time out of the cache. What is read ahead is, on another thread.
    private void ReadThrough(PageMapping mapping, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (i % BenchFiles.Pages == 0)
                mapping.Invalidate(0, long.MaxValue);
            mapping.Read(i % BenchFiles.Pages * PageBytes, _copy);
        }
    }

    private void AllocateAndFree(int count)
    {
        for (var i = 0; i < count; i++)
            _runtime.Folios.Allocate(new PageOrder(0)).Dispose();
    }

    // Only what takes the pages out is timed, and not what brings them in.
    private TimeSpan TimeReclaim(int count)
    {
        var total = TimeSpan.Zero;
        for (var left = count; left > 0; left -= BenchFiles.Pages)
        {
            var pages = Math.Min(left, BenchFiles.Pages);
            for (var page = 0; page < pages; page++)
                _reclaimed.GetFolio(page).Dispose();
            var start = Stopwatch.GetTimestamp();
            var done = _givenUp.Reclaim(pages);
            total += Stopwatch.GetElapsedTime(start);
            if (done != pages)
                throw new InvalidOperationException("Nobody holds these pages.");
        }

        return total;
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
            if (!_cached.TryGetFolio(i % BenchFiles.Pages, out var page))
                throw new InvalidOperationException("All pages are in the cache.");
            page.Dispose();
        }
    }

    /// <summary>Pages that nothing is read for.</summary>
    private sealed class NothingStore : IPageStore
    {
        public long LengthBytes => BenchFiles.Pages * PageBytes;

        public int AlignmentBytes => 1;

        public int Read(Span<byte> destination, long offsetBytes) => destination.Length;

        public void Write(ReadOnlySpan<byte> source, long offsetBytes) => throw new NotSupportedException("Nothing is written.");

        public void Flush()
        {
        }

        public void SetLength(long lengthBytes) => throw new NotSupportedException("It has one length.");

        public void Dispose()
        {
        }
    }
}
