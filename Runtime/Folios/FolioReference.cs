using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Folios;

/// <summary>
/// One counted reference on a folio: while it is undisposed the folio and its memory stay. A copy of the value is not a new
/// reference: dispose one of them, once. A second dispose is reported as misuse where it shows (another generation, or a
/// count below zero); while others hold references on the same folio it can't be told from one of theirs.
/// The default value refers to nothing, and disposing it does nothing. Linux: what <c>folio_get</c> takes and
/// <c>folio_put</c> drops.
/// </summary>
public readonly ref struct FolioReference
{
    private readonly FolioAllocator? _allocator;

    internal FolioReference(FolioAllocator allocator, FolioHandle handle)
    {
        _allocator = allocator;
        Handle = handle;
    }

    /// <summary>The folio's handle: to be stored, and turned into a reference again by <see cref="FolioAllocator.TryGet"/>.</summary>
    public FolioHandle Handle { get; }

    /// <summary>Whether it refers to a folio at all.</summary>
    public bool IsValid => _allocator is not null;

    /// <summary>The folio's size.</summary>
    public PageOrder Order => Allocator.OrderOf(Handle);

    /// <summary>
    /// The folio's memory, for as long as this reference is undisposed. Who may write is for the holders to agree on; for
    /// optimistic readers write under <see cref="BeginWrite"/>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The folio is gone: this reference, or a copy of it, was disposed.</exception>
    public Span<byte> Bytes => Allocator.BytesOf(Handle);

    /// <summary>The folio's flags at this moment.</summary>
    public FolioFlags Flags => (FolioFlags)Atomics.LoadAcquire(ref Allocator.FlagsOf(Handle));

    internal bool IsOf(FolioAllocator allocator) => ReferenceEquals(_allocator, allocator);

    private FolioAllocator Allocator => _allocator ?? throw new InvalidOperationException("This reference refers to no folio.");

    /// <summary>Sets flags atomically, with a full fence, and returns those that were set before.</summary>
    /// <param name="flags">The flags to set.</param>
    public FolioFlags SetFlags(FolioFlags flags) => (FolioFlags)Atomics.Or(ref Allocator.FlagsOf(Handle), (uint)flags);

    /// <summary>Clears flags atomically, with a full fence, and returns those that were set before.</summary>
    /// <param name="flags">The flags to clear.</param>
    public FolioFlags ClearFlags(FolioFlags flags) => (FolioFlags)Atomics.And(ref Allocator.FlagsOf(Handle), ~(uint)flags);

    /// <summary>Takes the folio's lock, if nobody has it. Advisory: it keeps out whoever asks. Linux: <c>folio_trylock</c>.</summary>
    public bool TryLock() => (SetFlags(FolioFlags.Locked) & FolioFlags.Locked) == 0;

    /// <summary>Gives the lock back. Linux: <c>folio_unlock</c>.</summary>
    /// <exception cref="InvalidOperationException">The folio was not locked.</exception>
    public void Unlock()
    {
        if ((ClearFlags(FolioFlags.Locked) & FolioFlags.Locked) == 0)
            throw new InvalidOperationException($"{Handle} was not locked.");
    }

    /// <summary>
    /// Begins a change of content in place: from here until the result is disposed optimistic readers fail and try again.
    /// One writer at a time: hold the lock, or another agreement.
    /// </summary>
    /// <exception cref="InvalidOperationException">Somebody is changing the content already.</exception>
    public FolioContentWrite BeginWrite()
    {
        ref var sequence = ref Allocator.SequenceOf(Handle);
        if ((Atomics.LoadAcquire(ref sequence) & 1) != 0)
            throw new InvalidOperationException($"The content of {Handle} is being changed by somebody else.");
        ContentSequence.BeginWrite(ref sequence);
        return new FolioContentWrite(Allocator, Handle.Frame);
    }

    /// <summary>
    /// Makes the folio unreachable for everyone else, if nobody else holds it. The caller's references (and the owner's
    /// hold, if there is one, which must be the caller's too) become part of the result: don't dispose them before it is
    /// unfrozen, nor at all once it is freed or split. False: somebody else holds it, perhaps only for an instant: try again.
    /// Linux: <c>folio_ref_freeze</c>.
    /// </summary>
    /// <param name="frozen">The frozen folio.</param>
    /// <param name="references">How many counted references the caller has, this one included.</param>
    public bool TryFreeze(out FrozenFolio frozen, int references = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(references, 1);
        var done = Allocator.TryFreeze(Handle, (uint)references);
        frozen = done ? new FrozenFolio(Allocator, Handle, (uint)references) : default;
        return done;
    }

    /// <summary>Drops the reference. Whoever drops the last hold frees the folio here and now.</summary>
    public void Dispose() => _allocator?.Put(Handle);
}
