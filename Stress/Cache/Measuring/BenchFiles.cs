using System.Collections.Concurrent;
using System.IO.MemoryMappedFiles;
using BitFaster.Caching.Lfu;
using BitFaster.Caching.Lru;
using FolioRuntime.Harness;
using FolioRuntime.PageCaching;
using FolioRuntime.PageCaching.Stores;
using FolioRuntime.Primitives;
using Microsoft.Win32.SafeHandles;

namespace FolioRuntime.Caching.Measuring;

/// <summary>A small file that the system has in its own cache, and everything that it is read by, at places that look random: all of it is there, so every read is a hit.</summary>
internal sealed partial class BenchFiles : IDisposable
{
    public const string System = "random-access";
    public const string Mapped = "mapped";
    public const string Optimistic = "optimistic";
    public const string ZeroCopy = "zero-copy";
    public const string Typed = "typed";
    public const string ZeroCopyLarge = "zero-copy-large";
    public const string Read = "read";
    public const string ReadLarge = "read-large";
    public const int LongestReadBytes = 65_536;
    public const int Pages = 256;

    private const int PageBytes = PageOrder.FrameBytes;
    private const int Places = 1024;
    private const int LargestOrder = 4;

    private readonly PoolRuntime _runtime = new(new PoolRuntimeOptions { CapacityBytes = 64 << 20, ReservationBytes = 64 << 20, TrimInterval = Timeout.InfiniteTimeSpan });
    private readonly List<IDisposable> _opened = [];
    private readonly PageMapping _mapping;
    private readonly PageMapping _large;
    private readonly PageMapping _untold;
    private readonly PageType _typed;
    private readonly byte[][] _array = new byte[Pages][];
    private readonly SafeFileHandle _file;
    private readonly MemoryMappedFile _mappedFile;
    private readonly MemoryMappedViewAccessor _view;
    private readonly nint _address;
    private readonly ConcurrentDictionary<long, byte[]> _dictionary = new();
    private readonly ConcurrentLru<long, byte[]> _lru = new(2 * Pages);
    private readonly ConcurrentLfu<long, byte[]> _lfu = new(2 * Pages);
    private readonly ulong _seed;

    public BenchFiles(ulong seed)
    {
        _seed = seed;
        FilePath = Path.GetTempFileName();
        var content = new byte[Pages * PageBytes];
        Pattern.Fill(seed, 0, content);
        File.WriteAllBytes(FilePath, content);
        _file = File.OpenHandle(FilePath);
        _mappedFile = MemoryMappedFile.CreateFromFile(FilePath);
        _view = _mappedFile.CreateViewAccessor();
        _address = AcquireAddress();
        _mapping = _runtime.CreatePageCache(new PageCacheOptions { CapacityPages = Pages }).Open(StoreOf(FilePath));
        _mapping.Read(0, content);
        _untold = _runtime.CreatePageCache(new PageCacheOptions { Name = "untold", CapacityPages = Pages, TellHits = false }).Open(StoreOf(FilePath));
        _untold.Read(0, content);
        _typed = _runtime.CreatePageCache(new PageCacheOptions { Name = Typed, CapacityPages = Pages }).AddType(new PageTypeOptions { Name = Typed, Construct = (key, page) => content.AsSpan((int)key * PageBytes, PageBytes).CopyTo(page) });
        for (var page = 0; page < Pages; page++)
            _typed.GetOrAdd(page).Dispose();
        _large = _runtime.CreatePageCache(LargeFolios("large")).Open(StoreOf(FilePath));
        FillWithLargeFolios(content);
        for (var page = 0; page < Pages; page++)
        {
            var copy = content.AsSpan(page * PageBytes, PageBytes).ToArray();
            _array[page] = copy;
            _dictionary[page] = copy;
            _lru.AddOrUpdate(page, copy);
            _lfu.AddOrUpdate(page, copy);
        }

        Ways =
        [
            new(System, (size, thread) => Reading(new SystemReader(_file), size, thread)),
            new(Optimistic, (size, thread) => Reading(new OptimisticReader(_mapping), size, thread)),
            new("counted", (size, thread) => Reading(new CountedReader(_mapping), size, thread)),
            new(ZeroCopy, (size, thread) => Reading(new ZeroCopyReader(_mapping), size, thread)),
            new(Typed, (size, thread) => Reading(new TypedReader(_typed), size, thread)),
            new(Read, (size, thread) => Reading(new CacheReader(_mapping), size, thread)),
            new("read-untold", (size, thread) => Reading(new CacheReader(_untold), size, thread)),
            new(ZeroCopyLarge, (size, thread) => Reading(new ZeroCopyReader(_large), size, thread)),
            new(ReadLarge, (size, thread) => Reading(new CacheReader(_large), size, thread)),
            new(Mapped, (size, thread) => Reading(new MappedReader(_address), size, thread)),
            new("mapped-accessor", (size, thread) => Reading(new AccessorReader(_view, new byte[LongestReadBytes]), size, thread)),
            new("file-stream", (size, thread) => Reading(new StreamReader(Open()), size, thread)),
            new("array", (size, thread) => Reading(new ArrayReader(_array), size, thread)),
            new("dictionary", (size, thread) => Reading(new DictionaryReader(_dictionary), size, thread)),
            new("bitfaster-lru", (size, thread) => Reading(new CacheOfArraysReader(_lru), size, thread)),
            new("bitfaster-lfu", (size, thread) => Reading(new CacheOfArraysReader(_lfu), size, thread)),
        ];
    }

    public IReadOnlyList<BenchWay> Ways { get; }

    public string FilePath { get; }

    /// <summary>The runtime that the cache is of, for what a page costs without a cache.</summary>
    public PoolRuntime Runtime => _runtime;

    /// <summary>A file to be read through a page cache, by the system's call.</summary>
    public static IPageStore StoreOf(string path) => new FilePageStore(path, FileMode.Open, FileAccess.Read);

    /// <summary>A cache that has all of the file, in folios of up to 64 KiB, and windows as long as one may have.</summary>
    public static PageCacheOptions LargeFolios(string name, int order = LargestOrder) => new() { Name = name, CapacityPages = 4 * Pages, LargestFolioOrder = order };

    /// <summary>Every way gives the same bytes; otherwise nothing is worth timing.</summary>
    /// <exception cref="InvalidOperationException">One doesn't.</exception>
    public void RequireSame(int sizeBytes)
    {
        foreach (var way in (IBenchReader[])
            [new SystemReader(_file), new OptimisticReader(_mapping), new CountedReader(_mapping), new CacheReader(_mapping), new CacheReader(_large), new CacheReader(_untold), new MappedReader(_address), new ArrayReader(_array),
             new AccessorReader(_view, new byte[LongestReadBytes]), new StreamReader(Open()), new DictionaryReader(_dictionary), new CacheOfArraysReader(_lru), new CacheOfArraysReader(_lfu)])
        {
            var read = new byte[sizeBytes];
            way.Read(3 * PageBytes, read);
            if (Pattern.CountWrong(_seed, 3 * PageBytes, read) > 0)
                throw new InvalidOperationException($"{way.GetType().Name} gives other bytes than the file has.");
        }
    }

    public void Dispose()
    {
        _runtime.Dispose();
        ReleaseAddress();
        _view.Dispose();
        _mappedFile.Dispose();
        _file.Dispose();
        _opened.ForEach(opened => opened.Dispose());
        File.Delete(FilePath);
    }

    // What a reader gets who goes through the file no faster than it is read ahead. Again where he was.
    private void FillWithLargeFolios(byte[] content)
    {
        var most = Pages - (Pages / 8);
        for (var tries = 0; tries < 20 && Enumerable.Range(0, Pages).Count(IsInLargeFolio) < most; tries++)
        {
            _large.Invalidate(0, Pages * PageBytes);
            for (var page = 0; page < Pages; page++)
            {
                _large.Read(page * PageBytes, content.AsSpan(0, PageBytes));
                Thread.Sleep(1);
            }
        }

        bool IsInLargeFolio(int page)
        {
            using var folio = _large.GetFolio(page);
            return folio.Order.Value == LargestOrder;
        }
    }

    private Action<int> Reading<TReader>(TReader reader, int sizeBytes, int thread)
        where TReader : struct, IBenchReader
    {
        var places = PlacesOf(sizeBytes, thread);
        var destination = new byte[sizeBytes];
        return count =>
        {
            for (var i = 0; i < count; i++)
                reader.Read(places[i % Places], destination);
        };
    }

    // Short reads lie within a page, long ones begin with one.
    private long[] PlacesOf(int sizeBytes, int thread)
    {
        var random = new XorShift(_seed, thread);
        var places = new long[Places];
        for (var i = 0; i < Places; i++)
            places[i] = ((long)random.Below(Pages - ((sizeBytes - 1) / PageBytes)) * PageBytes) + (sizeBytes < PageBytes ? random.Below((PageBytes - sizeBytes) / 64 + 1) * 64 : 0);
        return places;
    }

    private FileStream Open()
    {
        var stream = new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        _opened.Add(stream);
        return stream;
    }

    // SAFETY: the view is as long as the file, and is released after the last read.
    private unsafe nint AcquireAddress()
    {
        byte* address = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref address);
        return (nint)address;
    }

    private void ReleaseAddress() => _view.SafeMemoryMappedViewHandle.ReleasePointer();
}
