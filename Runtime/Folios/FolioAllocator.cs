using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;

namespace FolioRuntime.Folios;

/// <summary>
/// Hands out folios: 2^order contiguous frames of 4 KiB with a lifetime word of their own, which lies in the frame table
/// entry of the first frame and outlives them all. Thread-safe. Linux: <c>folio_alloc</c>, <c>folio_try_get</c>,
/// <c>folio_put</c>.
/// <list type="bullet">
/// <item><see cref="Allocate"/> gives a counted reference: the folio lives until the last one is disposed.</item>
/// <item><see cref="Rent"/> gives a handle that carries the owner's hold: the folio lives until <see cref="Return"/> and the
/// last reference.</item>
/// <item><see cref="TryGet"/> turns any handle, of any age, into a reference if that very folio is alive.</item>
/// <item><see cref="TryRead"/> copies content out without writing to shared memory at all.</item>
/// </list>
/// Whoever drops the last hold frees the folio, on its own thread. That can be a get that fails: for an instant it
/// may hold a reference on the folio that has taken the place of the one it wanted.
/// </summary>
public sealed partial class FolioAllocator
{
    internal const string Subject = "folio";

    private readonly PageAllocator _pages;
    private readonly FrameTableView _frames;
    private readonly nint _data;
    private readonly GenerationSpace _generations;
    private readonly ViolationLog _violations;
    private readonly bool _zeroOnAllocate;
    private readonly StripedCounter _allocated = new();
    private readonly StripedCounter _freed = new();
    private readonly StripedCounter _staleRejected = new();
    private readonly StripedCounter _frozenMet = new();
    private readonly StripedCounter _saturatedRejected = new();

    internal FolioAllocator(PageAllocator pages, GenerationSpace generations, ViolationLog violations, FolioAllocatorOptions options)
    {
        _pages = pages;
        _frames = new FrameTableView(pages.Frames);
        _data = pages.Arena.DataBase;
        _generations = generations;
        _violations = violations;
        _zeroOnAllocate = options.ZeroOnAllocate;
        Tracks = options.Leaks.IsOn ? TracksOf(pages.Frames, generations, violations, options) : null;
    }

    /// <summary>The largest order this runtime hands out.</summary>
    public PageOrder MaxOrder => new(_pages.MaxOrder);

    /// <summary>The counts as they stand.</summary>
    public FolioStatistics Statistics => new()
    {
        Allocated = _allocated.Value,
        Freed = _freed.Value,
        StaleRejected = _staleRejected.Value,
        FrozenMet = _frozenMet.Value,
        SaturatedRejected = _saturatedRejected.Value,
    };

    /// <summary>Allocates a folio, zeroed unless the runtime's options say otherwise, and gives the caller its first reference, to be disposed.</summary>
    /// <param name="order">Its size: 2^order frames of 4 KiB.</param>
    /// <exception cref="OutOfMemoryException">Capacity, reservation or the system's memory is exhausted. Nothing has changed.</exception>
    /// <exception cref="ObjectDisposedException">The runtime is disposed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The order is above <see cref="MaxOrder"/> or negative.</exception>
    public FolioReference Allocate(PageOrder order) =>
        TryAllocate(order, out var folio) ? folio : throw Refused(order);

    /// <summary>As <see cref="Allocate"/>. False: capacity, reservation or the system's memory is exhausted, or the runtime is disposed; nothing has changed.</summary>
    /// <param name="order">Its size: 2^order frames of 4 KiB.</param>
    /// <param name="folio">The caller's reference, to be disposed; the default value, whose disposal does nothing, on failure.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is above <see cref="MaxOrder"/> or negative.</exception>
    public bool TryAllocate(PageOrder order, out FolioReference folio)
    {
        folio = default;
        if (!TryPrepare(order, out var number))
            return false;
        var generation = Lifetime.PublishReferenced(ref _frames.Frame(number).Word, _generations);
        folio = new FolioReference(this, new FolioHandle(number, generation));
        GC.KeepAlive(this);
        return true;
    }

    /// <summary>
    /// Allocates a folio for an owner: no reference is counted, and the handle, which may be stored and copied, is good for
    /// one <see cref="Return"/>. The folio lives until that and the last reference got meanwhile.
    /// </summary>
    /// <param name="order">Its size: 2^order frames of 4 KiB.</param>
    /// <inheritdoc cref="Allocate" path="/exception"/>
    public FolioHandle Rent(PageOrder order) =>
        TryRent(order, out var folio) ? folio : throw Refused(order);

    /// <summary>As <see cref="Rent"/>. False: capacity, reservation or the system's memory is exhausted, or the runtime is disposed; nothing has changed.</summary>
    /// <param name="order">Its size: 2^order frames of 4 KiB.</param>
    /// <param name="folio">The folio's handle, with the owner's hold; the default value on failure.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is above <see cref="MaxOrder"/> or negative.</exception>
    public bool TryRent(PageOrder order, out FolioHandle folio)
    {
        folio = default;
        if (!TryPrepare(order, out var number))
            return false;
        folio = new FolioHandle(number, Lifetime.PublishRented(ref _frames.Frame(number).Word, _generations));
        GC.KeepAlive(this);
        return true;
    }

    /// <summary>Allocates a folio behind an ordinary <see cref="System.Buffers.MemoryManager{T}"/>, for code that awaits. One object is made for each and never reused.</summary>
    /// <param name="order">Its size: 2^order frames of 4 KiB.</param>
    /// <returns>The owner; the caller disposes it.</returns>
    /// <inheritdoc cref="Allocate" path="/exception"/>
    public FolioOwner AllocateOwner(PageOrder order) => OwnerOf(Rent(order), order);

    /// <summary>As <see cref="AllocateOwner"/>. False: capacity, reservation or the system's memory is exhausted, or the runtime is disposed; nothing has changed.</summary>
    /// <param name="order">Its size: 2^order frames of 4 KiB.</param>
    /// <param name="owner">The owner; the caller disposes it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is above <see cref="MaxOrder"/> or negative.</exception>
    public bool TryAllocateOwner(PageOrder order, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out FolioOwner? owner)
    {
        owner = TryRent(order, out var folio) ? OwnerOf(folio, order) : null;
        return owner is not null;
    }

    /// <summary>Takes frames and makes them ready to be published: content, flags and sequence are set while the word is dead (L7).</summary>
    private bool TryPrepare(PageOrder order, out uint number) => TryTakeAndPrepare(order, _zeroOnAllocate, out number);

    private bool TryTakeAndPrepare(PageOrder order, bool zero, out uint number, bool reclaims = true)
    {
        var got = _pages.TryAllocate(order.Value, FrameUses.Folio, out var frame) || (reclaims && TryReclaimAndTake(order.Value, out frame));
        number = frame.Value;
        if (!got)
            return false;
        if (zero)
            _pages.Clear(frame, order.FrameCount);
        Prepare(ref _frames.Frame(number), FolioFlags.None);
        _allocated.Add();
        return true;
    }

    /// <summary>No memory: has some freed, again and again while that helps.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReclaimAndTake(int order, out FrameNumber frame)
    {
        frame = FrameNumber.None;
        var found = false;
        var reclaim = new DirectReclaim(_pages);
        try
        {
            // Ends: DirectReclaim says.
            while (!found && reclaim.TryFreeSome())
                found = _pages.TryAllocate(order, FrameUses.Folio, out frame);
        }
        finally
        {
            reclaim.Dispose();
        }

        return found;
    }

    private void Prepare(ref PageFrame frame, FolioFlags flags)
    {
        Invariant.Require(!_generations.IsRetired(Lifetime.Load(ref frame.Word)), "a frame whose generations are spent heads no folio");
        frame.PageType = NoType;
        PrepareContent(ref frame, flags);
    }

    private static void PrepareContent(ref PageFrame frame, FolioFlags flags)
    {
        Atomics.StoreRelease(ref frame.Flags, (uint)flags);

        // The last folio here may have been freed in the middle of a write. A sequence is never reset: only even again.
        var sequence = Atomics.LoadAcquire(ref frame.Sequence);
        if ((sequence & 1) != 0)
            Atomics.StoreRelease(ref frame.Sequence, sequence + 1);
    }

    /// <summary>Ends what is in the folio, and gives its frames back. L1: the caller alone ended its generation, and the destructor is that of the type in the frame's own record.   [PageTypeTests.L1_…, cache-type-…]</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Destroy(uint number)
    {
        ref var frame = ref _frames.Frame(number);
        int order = frame.Order;
        if (frame.PageType != NoType)
            Destruct(ref frame, new FolioHandle(number, Lifetime.Load(ref frame.Word).Generation - 1));
        _freed.Add();
        if (_generations.IsRetired(Lifetime.Load(ref frame.Word)))
            _pages.SetAside(new FrameNumber(number), 1 << order, FrameUses.Folio);
        else
            _pages.Free(new FrameNumber(number), order);
    }

    internal Exception Refused(PageOrder order)
    {
        if (_pages.IsClosed)
            return new ObjectDisposedException(nameof(FolioAllocator), "The runtime is disposed and hands out no more folios.");
        return _pages.Exhausted(order.Value, FrameUses.Folio);
    }
}
