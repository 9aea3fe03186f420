namespace FolioRuntime.Slabs;

/// <summary>
/// What a cache's objects are: name, size, alignment, and how they are made and unmade in place. The slab header names
/// it by the cache's id, and it is always this, reached from the header, that destroys, never the type in a caller's hands (L1).
/// </summary>
internal abstract class SlabType(string name, string typeName, int sizeBytes, int alignmentBytes, bool hasConstructor, bool hasDestructor)
{
    public string Name { get; } = name;

    /// <summary>What an object is, in reports: the name of its type, or its number of bytes.</summary>
    public string TypeName { get; } = typeName;

    public int SizeBytes { get; } = sizeBytes;

    public int AlignmentBytes { get; } = alignmentBytes;

    public bool HasConstructor { get; } = hasConstructor;

    public bool HasDestructor { get; } = hasDestructor;

    public abstract void Construct(nint address);

    public abstract void Destruct(nint address);
}
