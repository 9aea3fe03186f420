namespace FolioRuntime.Slabs;

/// <summary>Constructs or destroys one object in place. Runs on the thread that rents, or that ends the object's life, with no latch held.</summary>
/// <typeparam name="T">Type of the object.</typeparam>
/// <param name="value">The object; valid during the call only.</param>
public delegate void SlabAction<T>(ref T value)
    where T : unmanaged;
