namespace FolioRuntime.Slabs;

/// <summary>Constructs or destroys one object of plain bytes. Runs on the thread that rents, or that ends the object's life, with no latch held.</summary>
/// <param name="bytes">The object's memory, as long as its size; valid during the call only.</param>
public delegate void SlabBytesAction(Span<byte> bytes);
