using FolioRuntime.Diagnostics;
using FolioRuntime.Folios;
using FolioRuntime.Integrations.ObjectPooling;
using FolioRuntime.Integrations.Pipelines;
using FolioRuntime.Lifetimes;
using FolioRuntime.PageCaching;
using FolioRuntime.Pages;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;
using FolioRuntime.Reclaiming;
using FolioRuntime.Slabs;
using Microsoft.Extensions.ObjectPool;

namespace FolioRuntime;

/// <summary>
/// One pool of pages, and everything carved from it: folios, slab caches, and the pools that servers use. Make one for a process, or one for
/// each budget of memory; keep it reachable while its memory is used, and dispose it at the end. All members may be called from any thread.
/// <code>
///   PoolRuntime ─ Folios                2^order pages at a time, counted references
///               ─ CreateCache, CreateByteCache    slab caches
///               ─ CreateMemoryPool      MemoryPool&lt;byte&gt; for pipes
///               ─ CreateObjectPool, CreateObjectPoolProvider    ObjectPool&lt;T&gt; whose returns are checked
///               ─ CreatePageCache       pages of files
/// </code>
/// </summary>
public sealed partial class PoolRuntime : IDisposable
{
    private readonly PageArena _arena;
    private readonly PageAllocator _pages;
    private readonly SlabRegistry _slabs;
    private readonly GenerationSpace _generations;
    private readonly ViolationLog _violations;
    private readonly Reclaimer _reclaimer;
    private readonly BackgroundReclaimer? _background;
    private readonly LeakFinder _leaks;
    private readonly CancellationTokenSource _end = new();

    // Holds the parts and not this object, which nobody who still has a cache or a reference keeps alive.
    private readonly Func<RuntimeStatistics> _snapshot;
    private uint _disposed;
    private readonly StatisticsRegister<SlabObjectPoolStatistics> _objectPoolRegister = new();

    /// <summary>Reserves address space; memory is committed as it is used.</summary>
    /// <param name="options">How to set it up; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; nothing is reserved.</exception>
    /// <exception cref="VirtualMemoryException">The system refuses to reserve even the smallest size; nothing is reserved.</exception>
    /// <exception cref="PlatformNotSupportedException">Not a 64-bit process.</exception>
    public PoolRuntime(PoolRuntimeOptions? options = null)
        : this(options ?? new PoolRuntimeOptions(), memory: null, tableMemory: null)
    {
    }

    internal PoolRuntime(PoolRuntimeOptions options, IVirtualMemory? memory, IVirtualMemory? tableMemory)
    {
        options.Validate();
        Options = options;
        _violations = new ViolationLog { CorruptionIsFatal = options.CorruptionIsFatal, Trace = new RuntimeTrace(options.Name) };
        memory ??= options.Backing == MemoryBacking.PinnedArrays ? new PinnedArrayMemory() : VirtualMemory.ForThisSystem();
        tableMemory ??= VirtualMemory.ForThisSystem();
        _arena = new PageArena(memory, tableMemory, new PageArenaOptions
        {
            ReservationBytes = options.EffectiveReservationBytes,
            MaxOrder = options.MaxOrder,
            HugePages = options.HugePages,
            ExcludeFromDump = options.ExcludeFromDumps,
        });
        _generations = options.FirstGeneration is { } first ? new GenerationSpace(options.GenerationBits, first) : GenerationSpace.Random(options.GenerationBits);
        CapacityBytes = Math.Min(options.EffectiveCapacityBytes, _arena.ReservedBytes) & -PageOrder.FrameBytes;
        _pages = new PageAllocator(_arena, new PageAllocatorOptions
        {
            CapacityFrames = CapacityBytes >> PageOrder.FrameShift,
            ThreadListCapacity = options.ThreadPageCapacity,
            Topology = options.NodesOfMemory ? options.Topology ?? VirtualMemory.TopologyOfThisSystem() : OneNode.Instance,
            MinFrames = PoolRuntimeOptions.WatermarkFrames(options.MinWatermark, CapacityBytes),
            LowFrames = PoolRuntimeOptions.WatermarkFrames(options.LowWatermark, CapacityBytes),
            HighFrames = PoolRuntimeOptions.WatermarkFrames(options.HighWatermark, CapacityBytes),
        });
        Folios = new FolioAllocator(_pages, _generations, _violations, new FolioAllocatorOptions
        {
            ZeroOnAllocate = options.ZeroFolios,
            Leaks = options.CacheDefaults.Leaks,
            Time = options.TimeProvider,
        });
        _slabs = new SlabRegistry(_pages, _arena.Frames, _generations, _violations) { Time = options.TimeProvider };
        _pages.DescribeHolders = _slabs.DescribeHolders;
        _leaks = new LeakFinder(_slabs, Folios);
        _reclaimer = new Reclaimer(_slabs) { Due = _leaks.ReportAged };
        _pages.Reclaim = _reclaimer.TryFreeSome;
        if (options.TrimInterval != Timeout.InfiniteTimeSpan)
        {
            _background = new BackgroundReclaimer(_reclaimer, options.TrimInterval, options.TimeProvider, options.MemoryPressure ?? CollectorPressure.ForThisSystem());
            _pages.WakeReclaimer = _background.Wake;
        }

        _snapshot = SnapshotOf(_pages, Folios, _slabs, _violations, _reclaimer, _background, _objectPoolRegister, _pageCacheRegister);
        RuntimeMetrics.Add(_slabs, new MeteredRuntime(options.Name, _snapshot));
    }

    /// <summary>Raised for every misuse and damage found, on the thread that met it. An exception of a listener is swallowed and counted.</summary>
    public event Action<Violation>? ViolationDetected
    {
        add => _violations.Reported += value;
        remove => _violations.Reported -= value;
    }

    /// <summary>What it was made with.</summary>
    public PoolRuntimeOptions Options { get; }

    /// <summary>Most bytes that folios and slabs may take together: what was asked for, or less where the system granted less address space.</summary>
    public long CapacityBytes { get; }

    /// <summary>Whether <see cref="Dispose"/> has begun.</summary>
    public bool IsDisposed => Atomics.LoadAcquire(ref _disposed) != 0;

    /// <summary>Folios, straight from the pages. They count against the same capacity as slabs.</summary>
    public FolioAllocator Folios { get; }

    internal PageAllocator Pages => _pages;

    internal SlabRegistry Slabs => _slabs;

    /// <summary>Registers a type of objects and makes a cache for it. Linux: <c>kmem_cache_create</c>.</summary>
    /// <typeparam name="T">Type of the objects, 1 byte to 2 MiB.</typeparam>
    /// <param name="name">Name in statistics and messages.</param>
    /// <param name="options">How it behaves; null: <see cref="PoolRuntimeOptions.CacheDefaults"/>. The name given here wins.</param>
    /// <param name="constructor">Run on each object when it is rented, before anyone can see it; what it throws passes through the rent.</param>
    /// <param name="destructor">Run on each object when its life ends; what it throws is reported, and the object is freed.</param>
    /// <returns>The cache, owned by the caller; disposing the runtime disposes it too.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Size, alignment or a capacity is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The runtime is disposed.</exception>
    public SlabCache<T> CreateCache<T>(string name, SlabCacheOptions? options = null, SlabAction<T>? constructor = null, SlabAction<T>? destructor = null)
        where T : unmanaged
    {
        options = Named(name, options);
        return new SlabCache<T>(Create(new SlabType<T>(options.Name, options.AlignmentBytes, constructor, destructor), options));
    }

    /// <summary>Makes a cache of objects of plain bytes.</summary>
    /// <param name="name">Name in statistics and messages.</param>
    /// <param name="sizeBytes">Bytes of an object, 1 to 2 MiB.</param>
    /// <param name="options">How it behaves; null: <see cref="PoolRuntimeOptions.CacheDefaults"/>. The name given here wins.</param>
    /// <param name="constructor">Run on each object when it is rented, before anyone can see it.</param>
    /// <param name="destructor">Run on each object when its life ends.</param>
    /// <returns>The cache, owned by the caller; disposing the runtime disposes it too.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Size, alignment or a capacity is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The runtime is disposed.</exception>
    public SlabCache CreateByteCache(string name, int sizeBytes, SlabCacheOptions? options = null, SlabBytesAction? constructor = null, SlabBytesAction? destructor = null)
    {
        options = Named(name, options);
        return Create(new SlabBytesType(options.Name, sizeBytes, options.AlignmentBytes, constructor, destructor), options);
    }

    /// <summary>Makes a memory pool of equally sized blocks, for pipes and whatever takes a <see cref="System.Buffers.MemoryPool{T}"/>.</summary>
    /// <param name="blockBytes">Bytes of a block. Default: 4096.</param>
    /// <param name="name">Name in statistics and messages.</param>
    /// <returns>The pool, owned by the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The runtime is disposed.</exception>
    public SlabMemoryPool CreateMemoryPool(int blockBytes = SlabMemoryPool.DefaultBlockBytes, string name = "memory-pool") =>
        CreateMemoryPool(new SlabMemoryPoolOptions { Name = name, BlockSizes = [blockBytes] });

    /// <summary>Makes a memory pool of blocks of one size or several.</summary>
    /// <param name="options">Sizes and name.</param>
    /// <returns>The pool, owned by the caller.</returns>
    /// <exception cref="ArgumentException">There is no size, or one is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The runtime is disposed.</exception>
    public SlabMemoryPool CreateMemoryPool(SlabMemoryPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (sizes, largest) = PoolRuntimeOptions.RequireValid(options);
        var cacheOptions = Options.CacheOf(options);
        var caches = new SlabCache[sizes.Length];
        try
        {
            for (var i = 0; i < sizes.Length; i++)
                caches[i] = CreateByteCache(sizes.Length == 1 ? options.Name : $"{options.Name}-{sizes[i]}", sizes[i], cacheOptions);
        }
        catch
        {
            foreach (var cache in caches)
                cache?.Dispose();
            throw;
        }

        return new SlabMemoryPool(caches, largest);
    }

    /// <summary>Makes an object pool whose returns are checked.</summary>
    /// <typeparam name="T">Type of the pooled objects.</typeparam>
    /// <param name="policy">Makes objects and resets them on return.</param>
    /// <param name="maximumRetained">Most objects that the pool keeps; further ones are made and dropped. Default (null): twice the number of processors.</param>
    /// <param name="name">Name in statistics and messages.</param>
    /// <returns>The pool, owned by the caller.</returns>
    /// <exception cref="ObjectDisposedException">The runtime is disposed.</exception>
    public SlabObjectPool<T> CreateObjectPool<T>(IPooledObjectPolicy<T> policy, int? maximumRetained = null, string name = "object-pool")
        where T : class =>
        CreateObjectPool(policy, new SlabObjectPoolOptions { Name = name, MaximumRetained = maximumRetained });

    /// <summary>Makes an object pool whose returns are checked, and which may be bounded.</summary>
    /// <typeparam name="T">Type of the pooled objects.</typeparam>
    /// <param name="policy">Makes objects and resets them on return.</param>
    /// <param name="options">How it behaves.</param>
    /// <returns>The pool, owned by the caller. Disposing the runtime ends it too.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of objects is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The runtime is disposed.</exception>
    public SlabObjectPool<T> CreateObjectPool<T>(IPooledObjectPolicy<T> policy, SlabObjectPoolOptions options)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var cacheOptions = Named(options.Name, Options.CacheOf(options));
        var cache = new SlabCache<ulong>(Create(new SlabType<ulong>(options.Name, cacheOptions.AlignmentBytes, constructor: null, destructor: null, standsFor: typeof(T)), cacheOptions));
        return new SlabObjectPool<T>(cache, _generations, _violations, policy, options, _objectPoolRegister, _end.Token);
    }

    /// <summary>Makes a pool of objects whose state is in slots, outside the collector's heap.</summary>
    /// <typeparam name="TFacade">Type of the objects.</typeparam>
    /// <typeparam name="TValue">Type of their state.</typeparam>
    /// <param name="create">Makes an object; its state isn't there yet.</param>
    /// <param name="options">How it behaves; null: the defaults. Leaks are looked for in the objects and in their state alike.</param>
    /// <returns>The pool, owned by the caller. Disposing the runtime ends it too.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of objects is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The runtime is disposed.</exception>
    public SlabFacadePool<TFacade, TValue> CreateFacadePool<TFacade, TValue>(Func<TFacade> create, SlabObjectPoolOptions? options = null)
        where TFacade : SlabFacade<TValue>
        where TValue : unmanaged
    {
        ArgumentNullException.ThrowIfNull(create);
        options ??= new SlabObjectPoolOptions();
        var values = CreateCache<TValue>($"{options.Name}-values", Options.ValuesOf(options));
        try
        {
            return new SlabFacadePool<TFacade, TValue>(values, CreateObjectPool(new SlabFacadePool<TFacade, TValue>.Policy(values, create), options));
        }
        catch
        {
            values.Dispose();
            throw;
        }
    }

    /// <summary>Makes what stands where <see cref="DefaultObjectPoolProvider"/> does, with pools whose returns are checked.</summary>
    /// <param name="options">What each pool is made with; null: the defaults.</param>
    /// <returns>The provider, which owns nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of objects is out of range.</exception>
    public SlabObjectPoolProvider CreateObjectPoolProvider(SlabObjectPoolOptions? options = null)
    {
        options ??= new SlabObjectPoolOptions();
        options.Validate();
        return new SlabObjectPoolProvider(new ObjectPools(this), options);
    }

    /// <summary>How often a kind of misuse or damage was found.</summary>
    /// <param name="kind">The kind.</param>
    public long ViolationCount(ViolationKind kind) => _violations.Count(kind);

    /// <summary>What the runtime holds now, by cache and by page order.</summary>
    public RuntimeStatistics Snapshot() => _snapshot();

    /// <summary>Gives back to the system what nobody uses: idle objects of pools, threads' free objects and pages, empty slabs, free pages.</summary>
    /// <returns>Bytes given back.</returns>
    public long Trim() => Trim(TrimLevel.All);

    /// <summary>As <see cref="Trim()"/>, or only what lay unused. The runtime does this by itself every <see cref="PoolRuntimeOptions.TrimInterval"/>.</summary>
    /// <param name="level">How much.</param>
    /// <returns>Bytes given back.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    public long Trim(TrimLevel level) => level switch
    {
        TrimLevel.All => _reclaimer.TrimAll(),
        TrimLevel.Idle => _reclaimer.TrimIdle(),
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "Unknown level."),
    };

    /// <summary>
    /// Has a shrinker asked from now on when memory is short: by allocations that find none, before they fail; in the background when less than <see cref="PoolRuntimeOptions.LowWatermark"/>
    /// is left, or the system is short of it. <see cref="Trim()"/> doesn't ask it. Linux: <c>shrinker_register</c>.
    /// </summary>
    /// <param name="name">Name in reports.</param>
    /// <param name="shrinker">What to ask; it is kept alive as long as the runtime, or anything of it, is.</param>
    /// <returns>
    /// Disposing it ends that: afterwards the shrinker isn't called and no call is under way, for the dispose waits for those on other threads; don't hold a lock that they may
    /// wait for. From inside a shrinker it doesn't wait. The end of the runtime ends it too, without waiting.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The runtime is disposed.</exception>
    public IDisposable RegisterShrinker(string name, IShrinker shrinker)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(shrinker);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return _reclaimer.Shrinkers.Add(name, shrinker);
    }

    /// <summary>Checks the slabs of all caches, while they are in use or not. What each check can find depends on its cache's debug options. Linux: <c>slabinfo -v</c>.</summary>
    /// <returns>How many problems were found, each of them reported.</returns>
    public int Validate() => _slabs.Snapshot().Sum(cache => cache.Validate());

    /// <summary>
    /// Refuses new work, reports what is still out as <see cref="ViolationKind.OutstandingAtDispose"/>, and gives the memory of everything else back. Memory in
    /// use stays valid until it is returned or put; the last of these gives its pages back. The address range stays reserved while anything that can resolve
    /// handles is reachable, so that a look-up racing this call reads a dead word and never unmapped memory. Idempotent.
    /// </summary>
    public void Dispose()
    {
        if (Atomics.Exchange(ref _disposed, 1) != 0)
            return;
        RuntimeMetrics.Remove(_slabs);
        _background?.Dispose();
        _reclaimer.Shrinkers.Close();
        foreach (var cache in PageCaches())
            cache.Dispose();
        foreach (var cache in _slabs.Close())
            cache.Dispose();
        _end.Cancel();
        _end.Dispose();
        var folios = Folios.Statistics.Alive;
        if (folios > 0)
            _violations.Report(ViolationKind.OutstandingAtDispose, FolioAllocator.Subject, 0, 0, $"{folios} folios were out when the runtime was disposed");
        _pages.Close();
    }

    private static Func<RuntimeStatistics> SnapshotOf(
        PageAllocator pages, FolioAllocator folios, SlabRegistry slabs, ViolationLog violations, Reclaimer reclaimer, BackgroundReclaimer? background,
        StatisticsRegister<SlabObjectPoolStatistics> objectPools, StatisticsRegister<PageCacheStatistics> pageCaches) =>
        () => RuntimeStatistics.Of(pages, folios.Statistics, slabs, violations, reclaimer.Statistics(background), objectPools, pageCaches);

    private SlabCacheOptions Named(string name, SlabCacheOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        options ??= Options.CacheDefaults;
        Options.RequireValid(options);
        return options with { Name = name };
    }

    private SlabCache Create(SlabType type, SlabCacheOptions options)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        PoolRuntimeOptions.RequireBetween(options.SlabOrder ?? 0, 0, _arena.MaxOrder, nameof(SlabCacheOptions.SlabOrder));
        var smallestSlotBytes = PageOrder.FrameBytes >> _arena.Frames.SlotShift;
        var layout = SlabLayout.For(type.SizeBytes, type.AlignmentBytes, smallestSlotBytes, _arena.MaxOrder, options.SlabOrder, options.Debug.HasFlag(SlabDebugOptions.RedZones));
        var growing = options.SlabOrder is null && options.Debug == SlabDebugOptions.None;
        return new SlabCache(_slabs, type, growing ? SlabLadder.From(layout, _arena.MaxOrder) : SlabLadder.Of(layout), options);
    }

    /// <summary>A class of its own, so that whoever makes no object pools needs no Microsoft.Extensions.ObjectPool.</summary>
    private sealed class ObjectPools(PoolRuntime runtime) : IObjectPoolFactory
    {
        public SlabObjectPool<T> CreateObjectPool<T>(IPooledObjectPolicy<T> policy, SlabObjectPoolOptions options)
            where T : class => runtime.CreateObjectPool(policy, options);
    }
}
