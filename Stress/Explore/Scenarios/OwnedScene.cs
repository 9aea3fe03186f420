using System.Runtime.CompilerServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// A runtime of one or a few pages and a cache whose slabs are owned by the threads that take from them; a slab is one page. Beside it another exclusive cache,
/// whose returns are judged at once. What is remembered here doesn't depend on the order of things: every life is issued once, and of its returns one succeeds.
/// </summary>
internal sealed class OwnedScene
{
    private readonly RecycledMemory _memory = new();
    private readonly List<Violation> _violations = [];
    private readonly HashSet<SlabHandle> _lives = [];
    private int _accepted;
    private int _refused;

    /// <param name="pages">Pages of the runtime.</param>
    /// <param name="slots">Objects in a page: 1, 2, 4 …</param>
    /// <param name="capacity">Objects in a thread's stack, and messages in its outbox.</param>
    /// <param name="generationBits">The fewer, the sooner a word retires.</param>
    /// <param name="constructor">Run on each object of X, which it is given.</param>
    public OwnedScene(int pages = 1, int slots = 2, int capacity = 1, int generationBits = 3, Action<SlabCache>? constructor = null)
    {
        Runtime = new PoolRuntime(
            new PoolRuntimeOptions
            {
                CapacityBytes = pages * 4096,
                ReservationBytes = pages * 4096,
                MaxOrder = 0,
                ThreadPageCapacity = 0,
                GenerationBits = generationBits,
                FirstGeneration = 1,
                TrimInterval = Timeout.InfiniteTimeSpan,
            },
            _memory,
            _memory);
        Runtime.ViolationDetected += _violations.Add;
        var options = new SlabCacheOptions { Discipline = SlabDiscipline.Exclusive, ThreadCacheCapacity = capacity, EmptySlabsKept = 0 };
        X = Runtime.CreateByteCache("x", 4096 / slots, options, constructor is null ? null : _ => constructor(X!));
        Y = Runtime.CreateByteCache("y", 4096 / slots, options with { JudgeReturnsAtOnce = true, ThreadCacheCapacity = 0 });
    }

    public PoolRuntime Runtime { get; }

    public SlabCache X { get; }

    public SlabCache Y { get; }

    /// <summary>A word that the threads pass something on by.</summary>
    public StrongBox<ulong> Mailbox { get; } = new();

    /// <summary>Rents, where there must be memory for it.</summary>
    public SlabHandle Rent() => TryRent(X, out var handle) ? handle : throw new RequirementFailedException("there is memory for it");

    public bool TryRent(SlabCache cache, out SlabHandle handle)
    {
        if (!cache.TryRent(out handle))
            return false;
        Requirement.That(_lives.Add(handle), $"L1: {handle} is issued once");
        Requirement.That(cache.BytesOf(handle).Length == cache.SizeBytes, "a renter can use what it has rented");
        return true;
    }

    public void RentAndReturn()
    {
        if (TryRent(X, out var handle))
            Return(handle);
    }

    /// <summary>The return of an object by whoever has it: nobody else returns it, so it can't be refused.</summary>
    public void Return(SlabHandle handle) => Requirement.That(TryReturn(handle), "L4: who has an object can return it");

    /// <summary>Rents so many at once, where there must be memory for them.</summary>
    public SlabHandle[] RentMany(int count)
    {
        var handles = new SlabHandle[count];
        Requirement.Equal(X.TryRentMany(handles), count, "there is memory for them");
        foreach (var handle in handles)
            Requirement.That(_lives.Add(handle), $"L1: {handle} is issued once");
        return handles;
    }

    /// <summary>Returns at once what this thread has, and perhaps what another returns too.</summary>
    public void ReturnMany(SlabHandle[] handles)
    {
        try
        {
            X.ReturnMany(handles);
            _accepted += handles.Length;
        }
        catch (InvalidOperationException)
        {
            _refused++;
        }
    }

    /// <summary>A return that may be one too many.</summary>
    public bool TryReturn(SlabHandle handle)
    {
        var accepted = X.TryReturn(handle);
        _accepted += accepted ? 1 : 0;
        _refused += accepted ? 0 : 1;
        return accepted;
    }

    public void ReturnToY(SlabHandle handle) => Requirement.That(Y.TryReturn(handle), "L4: who has an object can return it");

    /// <param name="threads">What the threads do.</param>
    /// <param name="tooMany">Returns that are made beyond one for each life that X gave: each must be told, at once or later.</param>
    /// <param name="preludes">What each does beforehand.</param>
    /// <param name="check">What is done first when all have ended.</param>
    public Scene Play(Action[] threads, int tooMany = 0, Action?[]? preludes = null, Action? check = null) => new(threads)
    {
        Preludes = preludes ?? [],
        Check = () =>
        {
            check?.Invoke();
            RequireAllBack(tooMany);
        },
        State = () => $"{_accepted} accepted, {_refused} refused, {_violations.Count} violations, {X.Statistics().ActiveObjects} out",
        Close = () =>
        {
            Runtime.Dispose();
            _memory.GiveBack();
        },
        EndsMatter = true,
    };

    private void RequireAllBack(int tooMany)
    {
        Requirement.That(X.Store.IsValid(), "the slabs' lists and counts agree");
        Requirement.Equal(X.Statistics().ActiveObjects, 0, "objects with users");
        if (!X.IsDisposed)
        {
            X.Trim();
            Requirement.Equal(X.Store.Counts().Slabs, 0, "L8: slabs after a trim");
        }

        var told = _violations.Where(violation => violation.Kind != ViolationKind.OutstandingAtDispose).ToArray();
        Requirement.Equal(told.Length, tooMany, $"returns that were told as one too many ({string.Join(", ", told.Select(violation => violation.Kind))})");
        Requirement.That(told.All(violation => violation.Kind is ViolationKind.DoubleReturn or ViolationKind.StaleReturn or ViolationKind.ForeignHandle), "and as nothing else");
        Runtime.Trim();
        Requirement.Equal(Runtime.Pages.Snapshot().AllocatedFrames, 0, "L8: frames still allocated");
        Runtime.Dispose();
        Requirement.Equal(Runtime.Slabs.Snapshot().Count, 0, "caches that are still registered");
    }
}
