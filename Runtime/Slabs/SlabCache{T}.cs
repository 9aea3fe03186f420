using System.Runtime.CompilerServices;

namespace FolioRuntime.Slabs;

/// <summary>
/// A cache of objects of one unmanaged type: <see cref="SlabCache"/> with typed handles and references. All members may be called from
/// any thread at any time. <typeparamref name="T"/> may have padding: never compare or hash objects byte by byte.
/// </summary>
/// <typeparam name="T">Type of the objects.</typeparam>
public sealed class SlabCache<T> : IDisposable
    where T : unmanaged
{
    private readonly SlabCache _cache;

    internal SlabCache(SlabCache cache) => _cache = cache;

    /// <summary>The same cache without its type: its options, statistics and memory.</summary>
    public SlabCache Untyped => _cache;

    /// <summary>The name it was registered with.</summary>
    public string Name => _cache.Name;

    /// <inheritdoc cref="SlabCache.Rent()"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SlabHandle<T> Rent() => Typed(_cache.TryRent(out var handle) ? handle : _cache.Rent());

    /// <inheritdoc cref="SlabCache.TryRent"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRent(out SlabHandle<T> handle)
    {
        var rented = _cache.TryRent(out var untyped);
        handle = Typed(untyped);
        return rented;
    }

    /// <inheritdoc cref="SlabCache.TryRentMany"/>
    public int TryRentMany(Span<SlabHandle<T>> handles) => _cache.TryRentMany(Untype(handles));

    /// <inheritdoc cref="SlabCache.Allocate"/>
    public SlabReference<T> Allocate() => new(_cache.Allocate());

    /// <inheritdoc cref="SlabCache.TryAllocate"/>
    public bool TryAllocate(out SlabReference<T> reference)
    {
        var allocated = _cache.TryAllocate(out var untyped);
        reference = new SlabReference<T>(untyped);
        return allocated;
    }

    /// <inheritdoc cref="SlabCache.TryGet"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(SlabHandle<T> handle, out SlabReference<T> reference)
    {
        var got = _cache.TryGet(Untype(handle), out var untyped);
        reference = new SlabReference<T>(untyped);
        return got;
    }

    /// <inheritdoc cref="SlabCache.Return"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Return(SlabHandle<T> handle) => _cache.Return(Untype(handle));

    /// <inheritdoc cref="SlabCache.TryReturn"/>
    public bool TryReturn(SlabHandle<T> handle) => _cache.TryReturn(Untype(handle));

    /// <inheritdoc cref="SlabCache.ReturnMany"/>
    public void ReturnMany(ReadOnlySpan<SlabHandle<T>> handles) => _cache.ReturnMany(Untype(handles));

    /// <summary>The object, for its owner, until the owner returns it. The check is at this call: a reference kept past the return is a dangling one.</summary>
    /// <param name="handle">What <see cref="Rent"/> gave.</param>
    /// <exception cref="InvalidOperationException">The object is not rented in this generation.</exception>
    // SAFETY: the address is that of a slot of T, mapped and aligned; the handle's owner keeps the slot.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe ref T ValueOf(SlabHandle<T> handle) => ref Unsafe.AsRef<T>((void*)_cache.AddressForOwner(handle.Index, handle.Generation));

    /// <inheritdoc cref="SlabCache.Trim"/>
    public void Trim() => _cache.Trim();

    /// <inheritdoc cref="SlabCache.Validate"/>
    public int Validate() => _cache.Validate();

    /// <inheritdoc cref="SlabCache.WhenAllReturnedAsync"/>
    public Task WhenAllReturnedAsync(TimeSpan timeout, CancellationToken cancellationToken = default) => _cache.WhenAllReturnedAsync(timeout, cancellationToken);

    /// <inheritdoc cref="SlabCache.Dispose"/>
    public void Dispose() => _cache.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static SlabHandle<T> Typed(SlabHandle handle) => new(handle.ToUInt64());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static SlabHandle Untype(SlabHandle<T> handle) => new(handle.ToUInt64());

    // SAFETY: a typed and an untyped handle are the same 64-bit number, which a test holds.
    private static Span<SlabHandle> Untype(Span<SlabHandle<T>> handles) =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<SlabHandle<T>, SlabHandle>(handles);

    private static ReadOnlySpan<SlabHandle> Untype(ReadOnlySpan<SlabHandle<T>> handles) =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<SlabHandle<T>, SlabHandle>(handles);
}
