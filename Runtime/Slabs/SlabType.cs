namespace FolioRuntime.Slabs;

/// <summary>
/// What a cache's objects are: name, size, alignment, and how they are made and unmade in place. The slab header names
/// it by the cache's id, and it is always this, reached from the header, that destroys, never the type in a caller's hands (L1).
/// </summary>
internal abstract class SlabType(string name, int sizeBytes, int alignmentBytes, bool hasConstructor, bool hasDestructor)
{
    public string Name { get; } = name;

    public int SizeBytes { get; } = sizeBytes;

    public int AlignmentBytes { get; } = alignmentBytes;

    public bool HasConstructor { get; } = hasConstructor;

    public bool HasDestructor { get; } = hasDestructor;

    public abstract void Construct(nint address);

    public abstract void Destruct(nint address);
}
