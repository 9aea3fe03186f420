extern alias instrumented;

using System.Runtime.InteropServices;
using instrumented::FolioRuntime.Folios;
using instrumented::FolioRuntime.Lifetimes;
using instrumented::FolioRuntime.Primitives;
using instrumented::FolioRuntime.Slabs;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;

namespace FolioRuntime.Tests.Faults;

/// <summary>
/// A small instrumented runtime with a victim and others: what the victim was given and has not begun to give back is known and can be settled by others;
/// bystanders' objects must stay as they are; afterwards every page that is not lost can be had once.
/// </summary>
internal sealed class EndingScene : IDisposable
{
    public const int CapacityFrames = 64;

    // Four in a slab, so that the victim adds slabs and gives them back.
    private const int SlotBytes = 1024;

    private static readonly TimeSpan s_deadlocked = TimeSpan.FromSeconds(60);

    private readonly List<SlabHandle<long>> _bystanders = [];
    private readonly List<Func<bool>> _given = [];
    private readonly List<Violation> _violations = [];
    private readonly List<object> _kept = [];
    private readonly FolioHandle _bystandingFolio;
    private long _lastStamp = 1000;

    public EndingScene(SlabDiscipline discipline, int generationBits)
    {
        Runtime = new InstrumentedRuntime(new InstrumentedOptions
        {
            CapacityBytes = CapacityFrames << 12,
            ReservationBytes = CapacityFrames << 12,
            MaxOrder = 3,
            ThreadPageCapacity = 4,
            GenerationBits = generationBits,
            TrimInterval = Timeout.InfiniteTimeSpan,
        });
        Runtime.ViolationDetected += violation =>
        {
            lock (_violations)
                _violations.Add(violation);
        };
        Cache = Runtime.CreateCache<long>("scene", new SlabCacheOptions { Discipline = discipline, SlabOrder = 0, ThreadCacheCapacity = 4, AlignmentBytes = SlotBytes });
        for (var i = 0; i < 5; i++)
        {
            var handle = Cache.Rent();
            Cache.ValueOf(handle) = i;
            _bystanders.Add(handle);
        }

        _bystandingFolio = Runtime.Folios.Rent(new PageOrder(1));
        Stamp(_bystandingFolio, 77);
    }

    public InstrumentedRuntime Runtime { get; }

    public SlabCache<long> Cache { get; }

    /// <summary>The bystanders' objects, for the victim to look up.</summary>
    public IReadOnlyList<SlabHandle<long>> Bystanders => _bystanders;

    /// <summary>Objects that nobody has and nobody can get, as counted after everybody else gave back theirs.</summary>
    public long LostObjects { get; private set; }

    /// <summary>Frames that nobody has and nobody can get, those of slabs with lost objects not counted.</summary>
    public long LostFrames { get; private set; }

    /// <summary>Whether an address is of the runtime's tables, where lifetime words are.</summary>
    public bool IsInTables(nint address) =>
        address >= Runtime.Slabs.Tables.FramesBase && address < Runtime.Slabs.Tables.FramesBase + (nint)Runtime.Slabs.Tables.ReservedBytes;

    /// <summary>The victim was given an object, and is about to give nothing back: others can settle it when it has ended.</summary>
    public T Given<T>(T what, Func<bool> giveBack)
    {
        _given.Add(giveBack);
        return what;
    }

    /// <summary>The victim has given back what it was given last.</summary>
    public void GaveBack() => _given.RemoveAt(_given.Count - 1);

    /// <summary>An object that is not garbage before the scene is.</summary>
    public T Keep<T>(T item)
        where T : class
    {
        _kept.Add(item);
        return item;
    }

    public SlabHandle<long> Rent()
    {
        var handle = Cache.Rent();
        return Given(handle, () => Cache.TryReturn(handle));
    }

    public FolioHandle RentFolio(int order)
    {
        var folio = Runtime.Folios.Rent(new PageOrder(order));
        return Given(folio, () => Runtime.Folios.TryReturn(folio));
    }

    /// <summary>On a thread of their own the others settle what the victim had, and use the runtime to its last page.</summary>
    /// <exception cref="FaultFoundException">They meet corruption, a wrong count, or a deadlock.</exception>
    public void LetOthersGoOn() => OnAnotherThread(GoOn, "others");

    /// <summary>Ends the runtime; what is lost in caches must be reported as outstanding.</summary>
    public void End()
    {
        OnAnotherThread(Runtime.Dispose, "the end");
        var reported = Count(ViolationKind.OutstandingAtDispose) > 0;
        var alive = Runtime.Folios.Statistics.Alive;
        Expect.That(reported == (LostObjects > 0 || alive > 0), $"{LostObjects} objects and {alive} folios are lost, and the end {(reported ? "reports" : "doesn't report")} any as out");
        Expect.That(Count(ViolationKind.Corruption) == 0, "corruption was reported");
        Expect.That(LostObjects > 0 || Runtime.Pages.AllocatedFrames == LostFrames, "the end gives back all that is not lost");
        Expect.That(!Runtime.Folios.TryRent(new PageOrder(0), out _), "nothing is handed out after the end");
    }

    public void Dispose()
    {
        try
        {
            Runtime.Dispose();
        }
        catch (InvariantViolatedException)
        {
            // Of a scene whose damage was found before.
        }

        GC.KeepAlive(_kept);
    }

    private static void OnAnotherThread(Action action, string who)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        })
        { IsBackground = true };
        thread.Start();
        Expect.That(thread.Join(s_deadlocked), $"{who} wait for the victim for ever");
        if (failure is not null)
            throw failure is FaultFoundException ? failure : new FaultFoundException($"{who} met {failure.GetType().Name}: {failure.Message}");
    }

    private int Count(ViolationKind kind)
    {
        lock (_violations)
            return _violations.Count(violation => violation.Kind == kind);
    }

    private void GoOn()
    {
        RequireBystanders();
        foreach (var giveBack in _given)
            giveBack();
        UseCache();
        var allocated = Runtime.Pages.AllocatedFrames;
        TakeEveryPage();
        RequireBystanders();
        foreach (var handle in _bystanders)
            Expect.That(Cache.TryReturn(handle), "a bystander can give back what it has");
        Expect.That(Runtime.Folios.TryReturn(_bystandingFolio), "a bystander can give back what it has");
        Runtime.Trim();
        var caches = Runtime.Slabs.Snapshot();
        LostObjects = Runtime.Snapshot().Caches.Sum(cache => cache.ActiveObjects);
        LostFrames = Runtime.Pages.AllocatedFrames - caches.Sum(cache => cache.Store.Counts().Slabs * cache.Layout.FrameCount);
        Expect.That(LostFrames >= 0 && allocated >= 0, "frames are counted twice");
        Expect.That(Runtime.Pages.IsValid() && caches.All(cache => cache.Store.IsValid()), "a structure doesn't hold together");
        var pages = Runtime.Pages.Snapshot();
        Expect.That(pages.AllocatedFrames + pages.FreeFrames + pages.RetiredFrames == pages.CommittedFrames, "L8");
    }

    private void UseCache()
    {
        if (Cache.Untyped.IsDisposed)
            return;
        var mine = new Dictionary<SlabHandle<long>, long>();
        for (var i = 0; i < 40 && Cache.TryRent(out var handle); i++)
        {
            Cache.ValueOf(handle) = ++_lastStamp;
            Expect.That(mine.TryAdd(handle, _lastStamp), "a slot was handed out twice");
        }

        Expect.That(mine.Count == 40, "the cache goes on");
        RequireBystanders();
        foreach (var (handle, stamp) in mine)
        {
            Expect.That(Cache.ValueOf(handle) == stamp, "a slot was handed out twice");
            Cache.Return(handle);
            Expect.That(!Cache.TryReturn(handle), "L3");
        }
    }

    private void TakeEveryPage()
    {
        Runtime.Trim();
        var taken = new List<(FolioHandle Folio, long Stamp)>();
        var allocated = Runtime.Pages.AllocatedFrames;
        while (Runtime.Folios.TryRent(new PageOrder(0), out var folio))
        {
            Stamp(folio, ++_lastStamp);
            taken.Add((folio, _lastStamp));
        }

        Expect.That(taken.Count == CapacityFrames - allocated - Runtime.Pages.RetiredFrames, $"{taken.Count} pages could be had, of {CapacityFrames} of which {allocated} were allocated");
        foreach (var (folio, stamp) in taken)
        {
            RequireStamp(folio, stamp);
            Runtime.Folios.Return(folio);
        }
    }

    private void RequireBystanders()
    {
        for (var i = 0; i < _bystanders.Count; i++)
            Expect.That(Cache.ValueOf(_bystanders[i]) == i, "a bystander's object is not as it was left");
        RequireStamp(_bystandingFolio, 77);
    }

    private void Stamp(FolioHandle handle, long stamp)
    {
        Expect.That(Runtime.Folios.TryGet(handle, out var folio), "what was rented is alive");
        MemoryMarshal.Cast<byte, long>(folio.Bytes).Fill(stamp);
        folio.Dispose();
    }

    private void RequireStamp(FolioHandle handle, long stamp)
    {
        Expect.That(Runtime.Folios.TryGet(handle, out var folio), "what was rented is alive");
        Expect.That(!MemoryMarshal.Cast<byte, long>(folio.Bytes).ContainsAnyExcept(stamp), "a frame was handed out twice");
        folio.Dispose();
    }
}
