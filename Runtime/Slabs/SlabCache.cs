using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <summary>
/// A cache of equally sized objects of one type, on pages of one runtime. Objects are named by handles that stay rejected for ever
/// once the object is freed, whatever its memory serves then. All members may be called from any thread at any time.
/// Linux: <c>kmem_cache</c>.
/// <code>
///   Rent ─► handle ─► Return                         the owner's hold, by handle, from any thread
///   Allocate ─► reference ─► Dispose                 a counted reference
///   TryGet(handle) ─► reference ─► Dispose           a further one, while the object lives (shared discipline)
/// </code>
/// The object is destroyed when its owner returned it and its last reference is gone, on the thread that did the last of
/// these, which may be a thread that only tried a stale handle at the wrong moment. A destructor that throws doesn't stop
/// that: the object is freed, and the exception is reported as <see cref="ViolationKind.DestructorThrew"/>.
/// Each thread keeps some free objects of its own in front of the slabs (<see cref="SlabCacheOptions.ThreadCacheCapacity"/>).
/// </summary>
public sealed partial class SlabCache : IDisposable
{
    private const int SmallestWithDepot = 4;
    private const int LargestThreadBytes = 256 << 10;
    private const long DepotBytes = 4L << 20;

    private readonly SlabRegistry _registry;
    private readonly FrameTableView _tables;
    private readonly GenerationSpace _generations;
    private readonly SlabType _type;
    private readonly SlabLayout _layout;
    private readonly SlabStore _store;
    private readonly StripedCounter _staleRejected = new();
    private readonly StripedCounter _saturated = new();
    private readonly SlabTraffic _traffic;
    private readonly uint _id;
    private readonly int _strideBytes;
    private readonly int _sizeBytes;

    // How the discipline marks what is rented (LifetimeWord), where threads find their stacks, and where they find those from which a slot needs no preparation.
    private readonly ulong _hold;
    private readonly nint _entry;
    private readonly nint _unpreparedEntry;
    private readonly bool _exclusive;
    private readonly bool _threadsOwnSlabs;
    private readonly bool _prepares;
    private readonly bool _destroys;
    private readonly bool _zeroOnAllocate;
    private readonly bool _zeroOnFree;
    private readonly SlabReporter _reporter;
    private readonly SlabDebug? _debug;
    private readonly SlabGuards? _guards;
    private uint _disposed;

    // The place of the per-thread cache: everything above it in a rent or return is this one line; everything below is the store.
    private readonly ThreadStackSet _stacks;

    internal SlabCache(SlabRegistry registry, SlabType type, SlabLadder layouts, SlabCacheOptions options)
    {
        var layout = layouts.Smallest;
        _registry = registry;
        _tables = new FrameTableView(registry.Tables);
        _generations = registry.Generations;
        _type = type;
        _layout = layout;
        _strideBytes = layout.StrideBytes;
        _sizeBytes = type.SizeBytes;
        _exclusive = options.Discipline == SlabDiscipline.Exclusive;
        _hold = _exclusive ? LifetimeWord.ExclusiveHold : LifetimeWord.SharedHold;
        _zeroOnAllocate = options.ZeroOnAllocate;
        _zeroOnFree = options.ZeroOnFree;
        Discipline = options.Discipline;
        Debug = options.Debug;
        ThreadCacheCapacity = options.Debug != SlabDebugOptions.None ? 0 : options.ThreadCacheCapacity ?? DefaultThreadCacheCapacity(layout.StrideBytes);
        _id = registry.NextId();
        _traffic = new SlabTraffic(type.Name, registry.Violations.Trace);
        _reporter = new SlabReporter(registry.Violations, registry.Tables, type, TracksOf(registry, type, options));
        _debug = options.Debug == SlabDebugOptions.None ? null : new SlabDebug(registry, layout, options.Debug);
        _guards = options.GuardSampleInterval == 0 ? null : new SlabGuards(registry, _id, layout, options);
        _prepares = type.HasConstructor || _zeroOnAllocate || _debug is not null || _guards is not null || _reporter.Tracks is not null;
        _destroys = type.HasDestructor || _zeroOnFree || _debug is not null || _guards is not null;
        _threadsOwnSlabs = _exclusive && !options.JudgeReturnsAtOnce && !_destroys && _reporter.Tracks is null && ThreadCacheCapacity > 0;
        _store = new SlabStore(registry, _id, _reporter, layouts, options.EmptySlabsKept, options.TrustPriorContent, _debug);
        var store = _store;
        var largest = options.ThreadCacheCapacity is null && ThreadCacheCapacity > 0 ? LargestThreadCacheCapacity(ThreadCacheCapacity, layout.StrideBytes) : ThreadCacheCapacity;
        _stacks = _threadsOwnSlabs
            ? new ThreadStackSet(ThreadCacheCapacity, store.GiveQuietly, Math.Min(ThreadCacheCapacity, LargestOutbox), store.TakeOver, largestCapacity: largest)
            : new ThreadStackSet(ThreadCacheCapacity, store.GiveQuietly, depot: PlanDepot(ThreadCacheCapacity, largest, layout.StrideBytes), largestCapacity: largest);
        _entry = _stacks.Entry;
        _unpreparedEntry = _prepares ? ThreadTable.NoEntry : _entry;
        registry.Publish(this);
    }

    /// <summary>The name it was registered with.</summary>
    public string Name => _type.Name;

    /// <summary>Bytes of an object.</summary>
    public int SizeBytes => _type.SizeBytes;

    /// <summary>Who may use an object while it is rented.</summary>
    public SlabDiscipline Discipline { get; }

    /// <summary>Free objects that each thread keeps for itself, unless it turns out to be too few for what it does and it keeps more (docs/PERFORMANCE.md). 0 with any <see cref="Debug"/> option.</summary>
    public int ThreadCacheCapacity { get; }

    /// <summary>What is checked beyond the handles.</summary>
    public SlabDebugOptions Debug { get; }

    /// <summary>Whether <see cref="Dispose"/> has begun.</summary>
    public bool IsDisposed => Atomics.LoadAcquire(ref _disposed) != 0;

    internal SlabLayout Layout => _layout;

    internal uint Id => _id;

    /// <summary>Counted by the pools over this cache: rents that they served without it.</summary>
    internal StripedCounter Fallbacks { get; } = new();

    internal SlabStore Store => _store;

    internal SlabTraffic Traffic => _traffic;

    internal PageArena Arena => _registry.Pages.Arena;

    /// <summary>Rents an object: the caller is its owner and ends its life with <see cref="Return(SlabHandle)"/>.</summary>
    /// <returns>The object's handle.</returns>
    /// <exception cref="OutOfMemoryException">No memory is left within the runtime's capacity; the message says who holds most. Nothing changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SlabHandle Rent() => RentOr(throws: true);

    /// <summary>As <see cref="Rent()"/>, and gives its memory at once: <see cref="BytesOf"/> would look whether the handle is good.</summary>
    /// <param name="bytes">The object's memory, for the caller, until it returns the object.</param>
    /// <returns>The object's handle.</returns>
    /// <inheritdoc cref="Rent()" path="/exception"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SlabHandle Rent(out Span<byte> bytes)
    {
        var handle = RentOr(throws: true);
        bytes = BytesAt(AddressOf(handle.Index));
        return handle;
    }

    /// <summary>As <see cref="Rent()"/>, but exhaustion is an answer. An exception of the constructor passes through, and the slot stays free.</summary>
    /// <param name="handle">The object's handle; the default when there was no memory.</param>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRent(out SlabHandle handle)
    {
        handle = RentOr(throws: false);
        return handle != default;
    }

    /// <summary>Allocates an object with one counted reference and no owner: it lives until its last reference is disposed. Shared discipline only.</summary>
    /// <returns>The reference, which the caller must dispose.</returns>
    /// <exception cref="OutOfMemoryException">No memory is left within the runtime's capacity. Nothing changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    /// <exception cref="InvalidOperationException">The discipline is exclusive.</exception>
    public SlabReference Allocate() => TryAllocate(out var reference) ? reference : throw Exhausted();

    /// <summary>As <see cref="Allocate"/>, but exhaustion is an answer.</summary>
    /// <param name="reference">The reference, which the caller must dispose; the default when there was no memory.</param>
    public bool TryAllocate(out SlabReference reference)
    {
        RequireShared();
        if (!TryPopSlot(out var index))
            index = TakeSlot();
        if (index == NoSlot)
        {
            reference = default;
            return false;
        }

        var generation = Lifetime.PublishReferenced(ref _tables.SlotWord(index), _generations);
        reference = new SlabReference(this, index, generation, AddressOf(index));
        return true;
    }

    /// <summary>Takes a counted reference on the object if it is still alive and of this cache. Shared discipline only.</summary>
    /// <remarks>
    /// One atomic add when it succeeds. False is final unless somebody holds the object frozen. A handle of another life, cache or runtime, or any 64 random
    /// bits, gives false and harms nobody; a reference taken for a moment on the wrong object is put again, and if it was that object's last, the object is
    /// destroyed here, by its own cache's destructor. Also false, counted, when the object has more than 2^28 references.
    /// Source: <c>folio_try_get</c>.
    /// </remarks>
    /// <param name="handle">The handle.</param>
    /// <param name="reference">The reference, which the caller must dispose; the default when the result is false.</param>
    /// <exception cref="InvalidOperationException">The discipline is exclusive.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(SlabHandle handle, out SlabReference reference)
    {
        RequireShared();
        if (handle.Index < _tables.SlotLimit)
        {
            var outcome = Lifetime.TryGet(ref _tables.SlotWord(handle.Index), handle.Generation);
            ref var frame = ref _tables.Frame(handle.Index >> _tables.SlotShift);
            if (outcome == GetOutcome.Got && Atomics.LoadAcquire(ref frame.SlabCacheId) == _id)
            {
                reference = new SlabReference(this, handle.Index, handle.Generation, frame.SlabOrigin + (nint)((long)handle.Index * _strideBytes));
                return true;
            }

            GetFailed(handle, outcome);
        }

        reference = default;
        return false;
    }

    /// <summary>Ends the owner's hold. The object is destroyed now, or by the last of its references.</summary>
    /// <remarks>
    /// Under the shared discipline a stale handle's look-up on another thread may be holding a reference for the instant until it sees its
    /// mistake. The object then lives, whole, for that instant longer, and its handle is still good.
    /// Under the exclusive discipline a second return made on another thread than the slab's owner may be accepted, and told by an event when the owner judges it,
    /// unless <see cref="SlabCacheOptions.JudgeReturnsAtOnce"/>; it frees nothing.
    /// </remarks>
    /// <param name="handle">What <see cref="Rent()"/> gave.</param>
    /// <exception cref="InvalidOperationException">The handle is stale, was returned before, or is not of this cache; the message says which. Nothing changed.</exception>
    public void Return(SlabHandle handle) => _ = ReturnOrMisuse(handle, throws: true);

    /// <summary>As <see cref="Return"/>, but misuse is an answer. It is counted and reported all the same.</summary>
    /// <param name="handle">What <see cref="Rent()"/> gave.</param>
    /// <returns>False: the handle is stale, was returned before, or is not of this cache. Nothing changed. True may be revised by an event: see <see cref="Return"/>.</returns>
    public bool TryReturn(SlabHandle handle) => ReturnOrMisuse(handle, throws: false) is null;

    /// <summary>The object's memory, for its owner, until the owner returns it.</summary>
    /// <param name="handle">What <see cref="Rent()"/> gave.</param>
    /// <exception cref="InvalidOperationException">The object is not rented in this generation.</exception>
    public Span<byte> BytesOf(SlabHandle handle) => BytesAt(AddressForOwner(handle.Index, handle.ToUInt64() >> 32));

    /// <summary>Gives free objects that no user holds back to the pages: threads' own, then wholly empty slabs.</summary>
    public void Trim()
    {
        DrainStacks();
        _store.ReleaseEmpty();
    }

    /// <summary>
    /// Takes no more rents and gives the memory of free objects back. Objects that are out stay valid until they are returned or
    /// put, and their slabs go back with the last of them. With debugging all slabs are checked. How many objects are out is reported as <see cref="ViolationKind.OutstandingAtDispose"/>. Linux: <c>kmem_cache_destroy</c>.
    /// </summary>
    public void Dispose()
    {
        if (Atomics.Exchange(ref _disposed, 1) != 0)
            return;
        _stacks.Close(_store.GiveQuietly);
        if (_prepares)
            CloseDebugging();
        _store.Close();
        var left = _store.Counts().Out + RentedGuarded;
        if (left > 0)
            _reporter.ReportOutstanding(left);
        else
            ForgetIfGone();
    }

    internal void TrimIfWorthwhile()
    {
        var counts = _store.Counts();
        if (counts.EmptySlabs > 0 || counts.Owners > 0 || _stacks.CachedCount + _stacks.SharedCount > 0)
            Trim();
    }

    internal SlabCacheStatistics Statistics()
    {
        _stacks.DrainEnded();
        _store.ReportFound();
        var stacks = _stacks.Counts;
        var counts = _store.Counts();
        return SlabCacheStatistics.From(this, counts, stacks, _stacks.Totals, _stacks.SentCount + counts.ReturnsWaiting, _staleRejected.Value, _saturated.Value, RentedGuarded);
    }

    /// <summary>The address of a slot that the caller holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal nint AddressOf(nuint index) =>
        _tables.Frame(index >> _tables.SlotShift).SlabOrigin + (nint)((long)index * _strideBytes);

    /// <summary>The slot's address, if the handle's generation is rented now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal nint AddressForOwner(nuint index, ulong generation)
    {
        if ((uint)index < _tables.SlotLimit)
        {
            var seen = Lifetime.Load(ref _tables.SlotWord(index));
            ref var frame = ref _tables.Frame(index >> _tables.SlotShift);
            if (seen.IsHeldBy(_hold | generation) && Atomics.LoadAcquire(ref frame.SlabCacheId) == _id)
                return frame.SlabOrigin + (nint)((long)index * _strideBytes);
        }

        ThrowNotRented((uint)index, (uint)generation);
        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Put(uint index, uint generation)
    {
        var outcome = Lifetime.Put(ref _tables.SlotWord(index), generation);
        if (outcome != PutOutcome.Dropped)
            PutEnded(index, generation, outcome);
    }

    // SAFETY: the address is that of a slot of SizeBytes in mapped memory, which whoever asks for it has.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe Span<byte> BytesAt(nint address) => MemoryMarshal.CreateSpan(ref *(byte*)address, _sizeBytes);

    private static int DefaultThreadCacheCapacity(int strideBytes) => strideBytes switch
    {
        < 256 => 60,
        <= 1024 => 26,
        <= 4096 => 12,
        <= 256 * 1024 => 4,
        _ => 1,
    };

    /// <summary>What a thread may keep for itself that goes to and fro: sixteen times what one begins with, but no more than <see cref="LargestThreadBytes"/>.</summary>
    private static int LargestThreadCacheCapacity(int capacity, int strideBytes) => Math.Max(capacity, Math.Min(16 * capacity, LargestThreadBytes / strideBytes));

    /// <summary>
    /// Two magazines for each processor and a few, as far as they don't keep too much from the others. Where threads meet too often at the depot all may grow to four times what they
    /// begin with. Where threads own slabs there is no depot: a slot that changed threads would have to be sent back.
    /// </summary>
    private static DepotPlan PlanDepot(int capacity, int largest, int strideBytes)
    {
        var room = Math.Min((largest + 1) / 2, LargestBatch);
        var magazines = Math.Min(Math.Clamp((2 * Environment.ProcessorCount) + 4, 8, 256), DepotBytes / Math.Max(1, (long)room * strideBytes));
        return capacity < SmallestWithDepot || magazines < 2 ? default : new DepotPlan((int)magazines, room, Math.Min(largest, 4 * capacity));
    }

    private OutOfMemoryException Exhausted()
    {
        var pages = _registry.Pages.Exhausted(PageOrder.ForBytes(_layout.SlabBytes).Value, FrameUses.Slab);
#pragma warning disable CA2201 // Reserved for runtimes, says the rule; this is memory running out, and callers catch what they would catch for an array.
        return new OutOfMemoryException($"No object of cache '{Name}' is left. {pages.Message}", pages);
#pragma warning restore CA2201
    }
}
