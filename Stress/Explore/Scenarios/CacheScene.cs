using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Folios;
using FolioRuntime.PageCaching;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>A page cache over a few frames, and two files. Each page of them begins with its stamp, twice, so that whoever is shown another page, or one that isn't complete, knows.</summary>
internal sealed unsafe class CacheScene
{
    // The word that says that the flusher is to run.
    private const int Queued = 7;

    private readonly RuntimeScene _runtime;
    private readonly PageCache _cache;
    private readonly SceneStore[] _stores;
    private readonly PageMapping[] _mappings;

    // Words that the threads tell each other by, and that steps are made of.
    private readonly ulong* _words = (ulong*)NativeMemory.AllocZeroed(8, sizeof(ulong));
    private readonly Task?[] _waiting = new Task?[4];

    public CacheScene(int frames = 1, int capacityPages = 1, int pages = 1, int failures = 0, int writeFailures = 0, int largestOrder = 0, bool ages = false)
    {
        _runtime = RuntimeScene.Create(frames, maxOrder: largestOrder, time: Clock);
        _cache = _runtime.Runtime.CreatePageCache(new PageCacheOptions
        {
            CapacityPages = capacityPages,
            Policy = static capacity => new ScenePolicy(capacity),
            TellHits = false,
            ReadaheadPages = 0,
            LargestFolioOrder = largestOrder,
            DirtyBackgroundPercent = 100,
            DirtyPercent = 100,
            DirtyExpire = ages ? SceneClock.Age : Timeout.InfiniteTimeSpan,
            LongestReclaimWait = TimeSpan.Zero,
            QueueFlusher = _ => Atomics.Exchange(ref Unsafe.As<ulong, uint>(ref _words[Queued]), 1),
        });
        _stores = [new SceneStore(1, pages) { Failures = failures, WriteFailures = writeFailures }, new SceneStore(2, pages)];
        _mappings = [_cache.Open(_stores[0]), _cache.Open(_stores[1])];
    }

    public PageCache Cache => _cache;

    /// <summary>The runtime's.</summary>
    public SceneClock Clock { get; } = new();

    public PageMapping A => _mappings[0];

    public PageMapping B => _mappings[1];

    public SceneStore StoreOfA => _stores[0];

    public FolioAllocator Folios => _runtime.Folios;

    /// <summary>Whether a page of A may read as zeros: it is cut off and there again.</summary>
    public bool MayBeZero { get; set; }

    /// <summary>What a page of A may read as besides; 0: nothing.</summary>
    public ulong Written { get; set; }

    public ref ulong Word(int word) => ref _words[word];

    /// <summary>For setting the scene: a page that is in the cache.</summary>
    public CacheScene With(PageMapping mapping, int index = 0)
    {
        mapping.GetFolio(index).Dispose();
        return this;
    }

    /// <summary>For setting the scene: a reference that is kept until <see cref="Drop"/>.</summary>
    public FolioHandle Hold(PageMapping mapping, int index = 0) => mapping.GetFolio(index).Handle;

    public void Drop(FolioHandle handle) => Folios.Put(handle);

    /// <summary>For setting the scene: the handle of a folio that was in the only frame before.</summary>
    public FolioHandle Gone()
    {
        var handle = Folios.Rent(new PageOrder(0));
        Folios.Return(handle);
        return handle;
    }

    /// <summary>Gets a page if it is there, finds its own content in it while it is held, and puts it.</summary>
    public bool LookUp(PageMapping mapping, int index = 0)
    {
        if (!mapping.TryGetFolio(index, out var folio))
            return false;
        var words = MemoryMarshal.Cast<byte, ulong>(folio.Bytes[PageMapping.OffsetInFolio(folio, index)..]);
        RequireStamp(mapping, index, Content.Read(ref words[0]));
        RequireStamp(mapping, index, Content.Read(ref words[1]));
        folio.Dispose();
        return true;
    }

    /// <summary>Reads the two words of a page if it is there, by an optimistic read, and zeros behind them if more are wanted: of so many that registers don't hold them.</summary>
    public bool ReadCached(PageMapping mapping, int index = 0, int length = 2)
    {
        Span<ulong> words = stackalloc ulong[length];
        words.Clear();
        if (!mapping.TryReadCached(index, 0, MemoryMarshal.AsBytes(words)))
            return false;
        RequireStamp(mapping, index, words[0]);
        Requirement.Equal(words[1], words[0], "C5: what is read is one content");
        return true;
    }

    /// <summary>Writes a stamp into the two words of a page.</summary>
    public static void Write(PageMapping mapping, ulong stamp, int index = 0) =>
        mapping.Write((long)index * PageOrder.FrameBytes, MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)[stamp, stamp]));

    /// <summary>Writes a whole page that has a stamp in its first two words.</summary>
    public static void WritePage(PageMapping mapping, ulong stamp, int index = 0)
    {
        Span<ulong> words = stackalloc ulong[PageOrder.FrameBytes / sizeof(ulong)];
        words.Clear();
        words[0] = words[1] = stamp;
        mapping.Write((long)index * PageOrder.FrameBytes, MemoryMarshal.AsBytes(words));
    }

    /// <summary>For setting the scene: a page that is dirty.</summary>
    public CacheScene Dirty(ulong stamp)
    {
        Write(A, stamp);
        return this;
    }

    /// <summary>Runs the flusher if somebody has asked for that.</summary>
    public void RunFlusher()
    {
        if (Atomics.Exchange(ref Unsafe.As<ulong, uint>(ref _words[Queued]), 0) != 0)
            ((IThreadPoolWorkItem)_cache.Writeback.Flusher).Execute();
    }

    /// <summary>Reads the two words of A's first page, from wherever they are, which must be there.</summary>
    public (ulong First, ulong Second) ReadWords()
    {
        Span<ulong> words = [0, 0];
        Requirement.Equal(A.Read(0, MemoryMarshal.AsBytes(words)), 2 * sizeof(ulong), "the words are within the length");
        return (words[0], words[1]);
    }

    /// <summary>Looks a page up and reads it from the store if it isn't there and nobody else does. Who would have to wait leaves a note instead.</summary>
    /// <returns>Whether it was the caller who read it.</returns>
    public bool LookUpOrFill(PageMapping mapping, int index, int thread)
    {
        if (LookUp(mapping, index))
            return false;
        var role = mapping.Join(index, out var fill);
        if (role == FillRole.Wait)
            _waiting[thread] = fill!.Ended;
        if (role != FillRole.Read)
            return false;
        if (!mapping.FillPage(fill!, out var folio))
            return false;
        var words = MemoryMarshal.Cast<byte, ulong>(folio.Bytes);
        RequireStamp(mapping, index, Content.Read(ref words[0]));
        folio.Dispose();
        return true;
    }

    /// <summary>Reads the first page ahead, on this thread.</summary>
    public void ReadAhead(PageMapping mapping) => ReadAhead(mapping, pages: 1);

    /// <summary>Reads the first pages ahead, on this thread: as one folio, if the cache has any so large.</summary>
    public void ReadAhead(PageMapping mapping, int pages) => mapping.ReadAheadAsync(mapping.ListAhead(new ReadaheadWindow(0, pages, 1, -1), evenIfMany: true)).GetAwaiter().GetResult();

    /// <summary>For setting the scene: the first two pages, in one folio.</summary>
    public CacheScene WithLarge(PageMapping mapping)
    {
        ReadAhead(mapping, pages: 2);
        Requirement.Equal(_cache.Statistics.LargeFolios, 1, "the two pages are in one folio");
        return this;
    }

    /// <summary>Whether a thread had to wait, for a fill that must have ended as it should.</summary>
    public bool Waited(int thread, bool inVain = false)
    {
        if (_waiting[thread] is not { } task)
            return false;
        Requirement.That(task.IsCompleted, "C4: who waits for a fill is told");
        Requirement.Equal(task.IsFaulted, inVain, "C4: who waits for a fill that fails fails");
        return true;
    }

    public Scene Play(Action check, params Action[] threads)
    {
        var scene = _runtime.Play(Check, threads);
        return new Scene(threads)
        {
            Check = scene.Check,
            State = () => $"{_cache.Statistics.PagesInUse} in use; {_runtime.State}",
            Close = () =>
            {
                scene.Close!();
                foreach (var store in _stores)
                    store.Free();
                NativeMemory.Free(_words);
            },
            EndsMatter = true,
            Names = scene.Names,
        };

        void Check()
        {
            check();
            Requirement.That(_cache.Table.IsValid(), "C2: table, indices and folios agree");
            _cache.Dispose();
            Requirement.Equal(_cache.Statistics.PagesInUse, 0, "C2: pages in use after the end");
            Requirement.That(_stores.All(store => store.Disposals == 1), "each store is disposed once");
            Requirement.Equal(_runtime.Violations.Count, 0, "nothing is reported");
            _runtime.RequireEnded();
        }
    }

    private void RequireStamp(PageMapping mapping, int index, ulong found)
    {
        if (mapping == A && ((MayBeZero && found == 0) || (Written != 0 && found == Written)))
            return;
        Requirement.Equal(found, SceneStore.StampOf(mapping == A ? 1 : 2, index), "C1, C5: a page shows its own content");
    }
}
