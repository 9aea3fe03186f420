using FolioRuntime.Primitives;

namespace FolioRuntime.Folios;

/// <summary>
/// A folio that only its freezer can reach: gets and reads by handle, and pins, say "try again". It must be ended by exactly one of
/// <see cref="Unfreeze"/>, <see cref="Free"/> and <see cref="Split"/>. Not thread-safe.
/// </summary>
public readonly ref struct FrozenFolio
{
    private readonly FolioAllocator? _allocator;
    private readonly uint _references;

    // Whose hold is one of the references; null: nobody's that pins.
    private readonly DistributedFolio? _distributed;

    internal FrozenFolio(FolioAllocator allocator, FolioHandle handle, uint references, DistributedFolio? distributed = null)
    {
        _allocator = allocator;
        _references = references;
        _distributed = distributed;
        Handle = handle;
    }

    /// <summary>The folio's handle, good again after <see cref="Unfreeze"/>, stale after the others.</summary>
    public FolioHandle Handle { get; }

    /// <summary>The folio's size.</summary>
    public PageOrder Order => Allocator.OrderOf(Handle);

    /// <summary>The folio's memory. It may be changed freely: optimistic readers find out.</summary>
    public Span<byte> Bytes => Allocator.BytesOf(Handle);

    private FolioAllocator Allocator => _allocator ?? throw new InvalidOperationException("No folio was frozen.");

    /// <summary>Makes the folio reachable again; the references it was frozen with are references again. Linux: <c>folio_ref_unfreeze</c>.</summary>
    /// <exception cref="InvalidOperationException">It is not frozen any more.</exception>
    public void Unfreeze()
    {
        Allocator.Unfreeze(Handle, _references);
        _distributed?.Unfrozen();
    }

    /// <summary>Frees the folio with all its references and the owner's hold, which must not be disposed or returned any more.</summary>
    /// <exception cref="InvalidOperationException">It is not frozen any more.</exception>
    public void Free()
    {
        Allocator.FreeFrozen(Handle);
        _distributed?.EndedFrozen();
    }

    /// <summary>
    /// Turns the folio into folios of a lower order, in place and with its content, each rented: the caller returns every
    /// handle (<see cref="FolioAllocator.Return"/>). The references and the owner's hold of this folio are gone; its
    /// handle, and copies of it, are stale for ever, also for the first part. Linux: <c>split_folio</c>.
    /// </summary>
    /// <param name="partOrder">The parts' order, at most this folio's.</param>
    /// <param name="parts">Receives 2^(order - part order) handles, by address.</param>
    /// <returns><see cref="FolioOutcome.Done"/>; or <see cref="FolioOutcome.Worn"/>, and then it is still frozen and unchanged.</returns>
    /// <exception cref="InvalidOperationException">It is not frozen any more.</exception>
    /// <exception cref="ArgumentException">Too little room for the parts' handles. It is still frozen and unchanged.</exception>
    public FolioOutcome Split(PageOrder partOrder, Span<FolioHandle> parts)
    {
        var outcome = Allocator.Split(Handle, partOrder, parts);
        if (outcome == FolioOutcome.Done)
            _distributed?.EndedFrozen();
        return outcome;
    }
}
