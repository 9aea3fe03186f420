namespace FolioRuntime.Slabs;

/// <summary>Objects of a number of bytes.</summary>
internal sealed class SlabBytesType(string name, int sizeBytes, int alignmentBytes, SlabBytesAction? constructor, SlabBytesAction? destructor)
    : SlabType(name, sizeBytes, alignmentBytes, constructor is not null, destructor is not null)
{
    // SAFETY: the address is that of a slot of at least SizeBytes, exclusively the caller's and mapped.
    public override unsafe void Construct(nint address) => constructor!(new Span<byte>((void*)address, SizeBytes));

    // SAFETY: as above.
    public override unsafe void Destruct(nint address) => destructor!(new Span<byte>((void*)address, SizeBytes));
}
