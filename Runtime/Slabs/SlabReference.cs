namespace FolioRuntime.Slabs;

/// <summary>
/// A counted reference on a live object: while it is held the object can't be destroyed. Dispose it exactly once, on any
/// thread that holds it. A copy of the struct is not a further reference: disposing two copies is a surplus put, which is reported
/// where it shows as another generation, a dead word or an underflow; within the same generation it can't be told from the
/// rightful put of somebody else. The default refers to nothing, and disposing it does nothing.
/// </summary>
public readonly ref struct SlabReference : IDisposable
{
    private readonly SlabCache? _cache;
    private readonly nint _address;
    private readonly uint _index;
    private readonly uint _generation;

    internal SlabReference(SlabCache cache, uint index, uint generation, nint address)
    {
        _cache = cache;
        _index = index;
        _generation = generation;
        _address = address;
    }

    /// <summary>The weak handle of the object.</summary>
    public SlabHandle Handle => new(_index, _generation);

    /// <summary>The object's memory, as long as its size; valid until the reference is disposed. Empty for the default.</summary>
    // SAFETY: the address is that of the slot, mapped while the reference is held; SizeBytes long.
    public unsafe Span<byte> Bytes => _cache is null ? default : new Span<byte>((void*)_address, _cache.SizeBytes);

    internal nint Address => _address;

    internal SlabCache? Cache => _cache;

    /// <summary>Gives the reference back; the last one of an object that has no owner destroys the object, here. Linux: <c>folio_put</c>.</summary>
    public void Dispose() => _cache?.Put(_index, _generation);
}
