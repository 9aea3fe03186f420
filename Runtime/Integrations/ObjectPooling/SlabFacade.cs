using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Integrations.ObjectPooling;

/// <summary>
/// An object whose state is in a slot, outside the collector's heap: a class in front of a struct. Derive from it, with properties over <see cref="Value"/>, and take objects from a
/// <see cref="SlabFacadePool{TFacade, TValue}"/>. While it is out it has a slot of its own; while it lies in the pool it has none, and its state is nobody's.
/// </summary>
/// <typeparam name="TValue">Type of the state.</typeparam>
public abstract class SlabFacade<TValue>
    where TValue : unmanaged
{
    // Writers: its pool, before it hands the object out, and the one return that has claimed it. Readers: whoever has the object, or had it. 0: none.
    private ulong _slot;

    private SlabCache<TValue>? _cache;

    /// <summary>Whether somebody has got it and not returned it.</summary>
    public bool IsOut => Atomics.LoadAcquire(ref _slot) != 0;

    /// <summary>
    /// The state: all zeros, or what <see cref="SlabFacadePool{TFacade, TValue}"/> was told to begin with, when the object is got. For whoever has it; as with any object, two who share it agree among
    /// themselves. The check is at this call: a reference kept past the return is a dangling one.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is in its pool, or was never of one.</exception>
    protected ref TValue Value
    {
        get
        {
            var slot = Atomics.LoadAcquire(ref _slot);
            if (slot == 0)
                throw new InvalidOperationException($"This {GetType().Name} has been returned to its pool, or comes from none: it has no state.");
            return ref _cache!.ValueOf(new SlabHandle<TValue>(slot));
        }
    }

    /// <summary>For the pool that makes it, before anybody else has it.</summary>
    internal void BelongTo(SlabCache<TValue> cache) => _cache = cache;

    /// <summary>Gives it a slot. For the pool, which alone has it.</summary>
    internal void Attach(SlabHandle<TValue> slot) => Atomics.StoreRelease(ref _slot, slot.ToUInt64());

    /// <summary>Takes its slot, for the caller to return. For the return that has claimed the object.</summary>
    internal SlabHandle<TValue> Detach()
    {
        var slot = new SlabHandle<TValue>(Atomics.LoadAcquire(ref _slot));
        Atomics.StoreRelease(ref _slot, 0);
        return slot;
    }
}
