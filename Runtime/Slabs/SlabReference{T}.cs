using System.Runtime.CompilerServices;

namespace FolioRuntime.Slabs;

/// <summary>
/// A counted reference on a live object of type <typeparamref name="T"/>; see <see cref="SlabReference"/> for its rules.
/// </summary>
/// <typeparam name="T">Type of the object.</typeparam>
public readonly ref struct SlabReference<T> : IDisposable
    where T : unmanaged
{
    private readonly SlabReference _reference;

    internal SlabReference(SlabReference reference) => _reference = reference;

    /// <summary>The weak handle of the object.</summary>
    public SlabHandle<T> Handle => new(_reference.Handle.Index, _reference.Handle.Generation);

    /// <summary>The object; valid until the reference is disposed.</summary>
    /// <exception cref="InvalidOperationException">The default reference.</exception>
    // SAFETY: the address is that of a slot of T, mapped and aligned while the reference is held.
    public unsafe ref T Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (_reference.Address == 0)
                ThrowDefault();
            return ref Unsafe.AsRef<T>((void*)_reference.Address);
        }
    }

    /// <summary>Gives the reference back; the last one of an object that has no owner destroys the object, here.</summary>
    public void Dispose() => _reference.Dispose();

    private static void ThrowDefault() => throw new InvalidOperationException("The default reference refers to no object.");
}
