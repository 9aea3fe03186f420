using System.Runtime.CompilerServices;

namespace FolioRuntime.Slabs;

/// <summary>Objects of one unmanaged type, perhaps in the place of another in reports.</summary>
internal sealed class SlabType<T>(string name, int alignmentBytes, SlabAction<T>? constructor, SlabAction<T>? destructor, Type? standsFor = null)
    : SlabType(name, (standsFor ?? typeof(T)).FullName ?? typeof(T).Name, Unsafe.SizeOf<T>(), alignmentBytes, constructor is not null, destructor is not null)
    where T : unmanaged
{
    // SAFETY: the address is that of a slot of this type, exclusively the caller's, mapped and aligned for T.
    public override unsafe void Construct(nint address) => constructor!(ref Unsafe.AsRef<T>((void*)address));

    // SAFETY: as above.
    public override unsafe void Destruct(nint address) => destructor!(ref Unsafe.AsRef<T>((void*)address));
}
