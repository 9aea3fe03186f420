using System.Runtime.CompilerServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// A runtime of one or a few pages and two types of objects, X and Y, that can only have a page in turn: a slab is one page. All objects are
/// in ledgers, so that at the end each can be accounted for.
/// </summary>
internal sealed class PageScene
{
    private readonly RecycledMemory _memory = new();
    private readonly List<Violation> _violations = [];
    private readonly int? _emptySlabsKept;

    /// <param name="pages">Pages of the runtime.</param>
    /// <param name="slots">Objects in a page: 1, 2, 4 …</param>
    /// <param name="generationBits">The fewer, the sooner a word retires.</param>
    /// <param name="firstGeneration">The first that is issued.</param>
    /// <param name="options">How both caches behave; null: nothing in front of the slabs, and no empty slab is kept.</param>
    /// <param name="exclusiveX">Whether X's objects have owners only.</param>
    public PageScene(int pages = 1, int slots = 1, int generationBits = 3, uint firstGeneration = 1, SlabCacheOptions? options = null, bool exclusiveX = false)
    {
        Runtime = new PoolRuntime(
            new PoolRuntimeOptions
            {
                CapacityBytes = pages * 4096,
                ReservationBytes = pages * 4096,
                MaxOrder = 0,
                ThreadPageCapacity = 0,
                GenerationBits = generationBits,
                FirstGeneration = firstGeneration,
                TrimInterval = Timeout.InfiniteTimeSpan,
            },
            _memory,
            _memory);
        Runtime.ViolationDetected += _violations.Add;
        options ??= new SlabCacheOptions { ThreadCacheCapacity = 0, EmptySlabsKept = 0 };
        _emptySlabsKept = options.EmptySlabsKept;
        X = Runtime.CreateByteCache("x", 4096 / slots, options with { Discipline = exclusiveX ? SlabDiscipline.Exclusive : SlabDiscipline.Shared }, OfX.Construct, OfX.Destruct);
        Y = Runtime.CreateByteCache("y", 4096 / slots, options, OfY.Construct, OfY.Destruct);
    }

    public PoolRuntime Runtime { get; }

    public SlabCache X { get; }

    public SlabCache Y { get; }

    public ObjectLedger OfX { get; } = new('X');

    public ObjectLedger OfY { get; } = new('Y');

    /// <summary>Returns that succeeded.</summary>
    public int Returned { get; private set; }

    /// <summary>Look-ups that succeeded.</summary>
    public int Got { get; private set; }

    public int ConstructorsFailed { get; set; }

    /// <summary>A word that the threads pass something on by.</summary>
    public StrongBox<ulong> Mailbox { get; } = new();

    /// <summary>The words of the first slots, for timelines.</summary>
    private Dictionary<nint, (string Name, Func<ulong, string>? Show)> Names
    {
        get
        {
            var names = new Dictionary<nint, (string, Func<ulong, string>?)>();
            for (var slot = 0u; slot < Math.Min(4, Runtime.Slabs.Tables.SlotLimit); slot++)
                names[Address(ref Runtime.Slabs.Tables.SlotWord(slot))] = ($"word {slot}", Explorer.ShowWord);
            for (var frame = 0u; frame < Runtime.Slabs.Tables.CommittedFrames; frame++)
                names[Address(ref Runtime.Slabs.Tables.Frame(frame).SlabCacheId)] = ($"cache id {frame}", null);
            return names;
        }
    }

    private string State => $"X {OfX.Made} made, Y {OfY.Made} made, {Returned} returned, {Got} got, {_violations.Count} violations";

    /// <summary>Lets every page be committed, so that words can be named and looked up before anything is allocated.</summary>
    public PageScene Committed()
    {
        Put(Y, Allocate(Y));
        return this;
    }

    public SlabHandle Allocate(SlabCache cache) => TryAllocate(cache, out var handle) ? handle : throw new RequirementFailedException("there is memory for it");

    public bool TryAllocate(SlabCache cache, out SlabHandle handle)
    {
        handle = default;
        if (!cache.TryAllocate(out var reference))
            return false;
        handle = reference.Handle;
        LedgerOf(cache).Name(handle, reference.Bytes);
        return true;
    }

    public void Put(SlabCache cache, SlabHandle handle) => cache.Put(handle.Index, handle.Generation);

    public SlabHandle Rent(SlabCache cache) => TryRent(cache, out var handle) ? handle : throw new RequirementFailedException("there is memory for it");

    public bool TryRent(SlabCache cache, out SlabHandle handle)
    {
        if (!cache.TryRent(out handle))
            return false;
        LedgerOf(cache).Name(handle, cache.BytesOf(handle));
        return true;
    }

    public void AllocateAndPut(SlabCache cache)
    {
        if (TryAllocate(cache, out var handle))
            Put(cache, handle);
    }

    public void RentAndReturn(SlabCache cache)
    {
        if (TryRent(cache, out var handle))
            Requirement.That(Return(cache, handle), "an owner can return");
    }

    /// <summary>Takes a reference to be put later.</summary>
    public void Get(SlabCache cache, SlabHandle handle) => Requirement.That(cache.TryGet(handle, out _), "it is alive");

    /// <summary>Looks at an object whose reference the caller holds.</summary>
    public unsafe void RequireWhole(SlabCache cache, SlabHandle handle)
    {
        // SAFETY: the caller's reference keeps the slot.
        LedgerOf(cache).RequireWhole(handle, new Span<byte>((void*)cache.AddressOf(handle.Index), cache.SizeBytes));
    }

    public bool Return(SlabCache cache, SlabHandle handle)
    {
        var returned = cache.TryReturn(handle);
        Returned += returned ? 1 : 0;
        return returned;
    }

    /// <summary>Takes a reference if that is possible, looks at the object and puts the reference.</summary>
    public bool LookUp(SlabCache cache, SlabHandle handle)
    {
        if (!cache.TryGet(handle, out var reference))
            return false;
        Got++;
        LedgerOf(cache).RequireWhole(handle, reference.Bytes);
        reference.Dispose();
        return true;
    }

    /// <summary>What is played on it. The check is run before everything is taken back.</summary>
    /// <param name="threads">What the threads do.</param>
    /// <param name="preludes">What each does beforehand.</param>
    /// <param name="check">What else must hold at the end.</param>
    /// <param name="expected">The violations that must have been reported.</param>
    /// <param name="alike">Kinds that count as the first one expected: which it is depends on the order of things.</param>
    /// <param name="atMost">A kind that may have been reported, once a cache, or not.</param>
    public Scene Play(
        Action[] threads,
        Action?[]? preludes = null,
        Action? check = null,
        ViolationKind[]? expected = null,
        ViolationKind[]? alike = null,
        ViolationKind? atMost = null)
    {
        return new Scene(threads)
        {
            Preludes = preludes ?? [],
            Check = Check,
            State = () => State,
            Close = Close,
            EndsMatter = true,
            Names = Names,
        };

        void Check()
        {
            check?.Invoke();
            RequireAllBack();
            Requirement.That(
                _violations.GroupBy(violation => (violation.Kind, violation.Subject)).All(group => group.Key.Kind != atMost || group.Count() == 1),
                $"{atMost} is told once a cache");
            var found = _violations
                .Where(violation => violation.Kind != atMost)
                .Select(violation => alike is not null && alike.Contains(violation.Kind) ? expected![0] : violation.Kind);
            Requirement.Equal(string.Join(", ", found.Order()), string.Join(", ", (expected ?? []).Order()), "violations");
        }
    }

    /// <summary>Whichever cache is disposed has no page any more and is forgotten, without anything being trimmed.</summary>
    public void RequireForgotten()
    {
        foreach (var cache in new[] { X, Y }.Where(cache => cache.IsDisposed))
        {
            Requirement.Equal(cache.Store.Counts().Slabs, 0, $"L8: slabs of {cache.Name}, which is disposed");
            Requirement.That(!Runtime.Slabs.Snapshot().Contains(cache), $"{cache.Name}, which is disposed and has no slab, is forgotten");
        }
    }

    /// <summary>
    /// Every object destroyed once by its own type's destructor, no slab damaged, and when the caches have been trimmed, and again when the
    /// runtime has been disposed, every page back.
    /// </summary>
    private void RequireAllBack()
    {
        OfX.RequireAllEnded("X");
        OfY.RequireAllEnded("Y");
        foreach (var cache in new[] { X, Y })
        {
            Requirement.That(cache.Store.IsValid(), "the slabs' lists and counts agree");
            Requirement.Equal(cache.Statistics().ActiveObjects, 0, $"{cache.Name}'s objects with users");
            Requirement.That(!(cache.Store.Counts().EmptySlabs > _emptySlabsKept), $"{cache.Name} keeps at most {_emptySlabsKept} empty slabs");
        }

        Runtime.Trim();
        RequireFramesBack("after a trim");
        Runtime.Dispose();
        RequireFramesBack("after the runtime's end");
        Requirement.Equal(Runtime.Slabs.Snapshot().Count, 0, "caches that are still registered");
    }

    private void Close()
    {
        Runtime.Dispose();
        _memory.GiveBack();
    }

    private ObjectLedger LedgerOf(SlabCache cache) => cache == X ? OfX : OfY;

    private void RequireFramesBack(string when)
    {
        var pages = Runtime.Pages.Snapshot();
        Requirement.Equal(pages.AllocatedFrames, 0, $"L8: frames still allocated {when}");
        Requirement.Equal(pages.FreeFrames + pages.RetiredFrames, pages.CommittedFrames, $"L8: frames free or retired {when}");
    }

    // SAFETY: the word lies in the frame table, which doesn't move; the address is only compared.
    private static unsafe nint Address<T>(ref T word) => (nint)Unsafe.AsPointer(ref word);
}
