using FolioRuntime.Harness;
using FolioRuntime.PageCaching;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Caching.Verifying;

/// <summary>A runtime with hardly any memory, a page cache that holds a part of the files, and a slab cache that wants the same memory. Disposed after its threads have ended.</summary>
internal sealed class VerifyScene : IDisposable
{
    /// <summary>So many files are made, of so many pages.</summary>
    public const int GeneratedFiles = 4;
    public const int GeneratedPages = 48;

    private const int SpareFrames = 16;
    private const int QuotaShare = 8;
    private const int BlockBytes = 256;
    private const int AreaOrder = 5;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("folio-cache-").FullName;
    private readonly List<VerifiedFile> _files = [];
    private readonly List<string> _violations = [];

    public VerifyScene(VerifyOptions options, IReadOnlyList<RegularFile> originals, Func<int, IReplacementPolicy> policy, int largestFolioOrder, WritebackKind writeback, ulong seed)
    {
        var capacity = (long)(options.CachePages + SpareFrames) * PageOrder.FrameBytes;
        Runtime = new PoolRuntime(new PoolRuntimeOptions
        {
            CapacityBytes = capacity,
            ReservationBytes = 2 * capacity,
            MaxOrder = AreaOrder,
            ThreadPageCapacity = 2,
            ZeroFolios = false,
            TrimInterval = TimeSpan.FromMilliseconds(50),
        });
        Runtime.ViolationDetected += violation =>
        {
            lock (_violations)
                _violations.Add(violation.ToString());
        };
        Cache = Runtime.CreatePageCache(writeback.Options(options.CachePages) with { Policy = policy, LargestFolioOrder = largestFolioOrder });
        Blocks = Runtime.CreateByteCache("blocks", BlockBytes);
        Nodes = [.. Enumerable.Range(0, 2).Select(kind => new VerifiedNodes(Cache, kind, cleans: kind == 0, new XorShift(seed, GeneratedFiles + kind).Next(), options.FaultOneIn, () => IsClosing))];
        for (var file = 0; file < GeneratedFiles; file++)
            _files.Add(VerifiedFile.Generate(Cache, Path.Combine(_folder, $"generated-{file}"), GeneratedPages, new XorShift(seed, file).Next(), options.FaultOneIn));
        _files[0].Mapping.QuotaPages = Math.Max(1, options.CachePages / QuotaShare);
        _files[1].Mapping.Advice = PageAdvice.Sequential;
        _files[2].Mapping.Advice = PageAdvice.Random;
        foreach (var original in originals)
            _files.Add(VerifiedFile.Open(Cache, original.Path, original.LengthBytes, seed, options.FaultOneIn));
    }

    public PoolRuntime Runtime { get; }

    public PageCache Cache { get; }

    public SlabCache Blocks { get; }

    public IReadOnlyList<VerifiedFile> Files => _files;

    /// <summary>Pages of two types: the first is cleaned.</summary>
    public IReadOnlyList<VerifiedNodes> Nodes { get; }

    /// <summary>From here on the cache may be disposed.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Disposes the cache, also under its readers.</summary>
    public void Close()
    {
        IsClosing = true;
        Interlocked.MemoryBarrier();
        Cache.Dispose();
    }

    /// <summary>What must be so when it is closed and all threads have ended, and isn't. Waits for reads that were given up, which end by themselves: a store is disposed after the last, and each gives its folio back.</summary>
    public IEnumerable<string> FaultsOfTheEnd()
    {
        SpinWait.SpinUntil(() => _files.TrueForAll(file => file.Store.Disposals > 0) && Cache.Statistics.PagesInUse == 0 && Runtime.Folios.Statistics.Alive == 0, s_patience);
        if (Cache.Statistics.PagesInUse is > 0 and var pages)
            yield return $"{pages} pages are in use after the cache's end";
        if (Runtime.Folios.Statistics.Alive is > 0 and var folios)
            yield return $"{folios} folios are alive after the cache's end";
        if (_files.Find(file => file.Store.Disposals != 1) is { } wrong)
            yield return $"the store of {wrong.Name} was disposed {wrong.Store.Disposals} times";
        foreach (var file in _files.Where(file => file.CountWrongInTheEnd() > 0))
            yield return $"{file.Name} itself has {file.CountWrongInTheEnd()} wrong bytes after the cache's end";
        foreach (var fault in Nodes.SelectMany(nodes => nodes.FaultsOfTheEnd()))
            yield return fault;
        foreach (var violation in _violations)
            yield return $"the runtime found a violation: {violation}";
    }

    public void Dispose()
    {
        Close();
        Runtime.Dispose();
        _files.ForEach(file => file.Dispose());
        Directory.Delete(_folder, recursive: true);
    }
}
