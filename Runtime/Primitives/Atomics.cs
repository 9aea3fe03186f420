using System.Runtime.CompilerServices;

namespace FolioRuntime.Primitives;

/// <summary>
/// The one seam through which the lock-free layers touch memory that two threads may touch. Each method is the raw
/// intrinsic and nothing else (docs/LIFETIMES.md shows the machine code). The instrumented build replaces this file, and
/// <see cref="Latch"/>'s, with versions that call a hook at each access, so that the shipping source itself can be driven
/// by a scheduler or slowed by injected pauses. Nothing outside Primitives uses Interlocked or Volatile directly.
/// </summary>
internal static unsafe class Atomics
{
    /// <summary>Adds, with a full fence, and returns the value after the add.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add(ref ulong location, ulong value) => Interlocked.Add(ref location, value);

    /// <inheritdoc cref="Add(ref ulong, ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Add(ref long location, long value) => Interlocked.Add(ref location, value);

    /// <summary>Adds to a statistic: as <see cref="Add(ref long, long)"/>, where nobody looks at the sum, so that no order of such adds differs from another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Count(ref long location, long amount) => Interlocked.Add(ref location, amount);

    /// <summary>Stores <paramref name="desired"/> if the location holds <paramref name="expected"/>; returns what it held. A full fence.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong CompareExchange(ref ulong location, ulong desired, ulong expected) =>
        Interlocked.CompareExchange(ref location, desired, expected);

    /// <inheritdoc cref="CompareExchange(ref ulong, ulong, ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint CompareExchange(ref uint location, uint desired, uint expected) =>
        Interlocked.CompareExchange(ref location, desired, expected);

    /// <summary>Sets bits, with a full fence, and returns the value before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Or(ref uint location, uint bits) => Interlocked.Or(ref location, bits);

    /// <summary>Keeps only the given bits, with a full fence, and returns the value before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint And(ref uint location, uint bits) => Interlocked.And(ref location, bits);

    /// <summary>Stores a value with a full fence and returns the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Exchange(ref uint location, uint value) => Interlocked.Exchange(ref location, value);

    /// <summary>Loads with acquire order: no later access moves before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong LoadAcquire(ref readonly ulong location) => Volatile.Read(in location);

    /// <inheritdoc cref="LoadAcquire(ref readonly ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long LoadAcquire(ref readonly long location) => Volatile.Read(in location);

    /// <inheritdoc cref="LoadAcquire(ref readonly ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LoadAcquire(ref readonly uint location) => Volatile.Read(in location);

    /// <summary>As <see cref="LoadAcquire(ref readonly ulong)"/>, of memory that doesn't move: an address, which the compiler needn't make a reference of first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LoadAcquire(uint* location) => Volatile.Read(ref *location);

    /// <inheritdoc cref="LoadAcquire(ref readonly ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LoadAcquire<T>(ref readonly T location)
        where T : class? => Volatile.Read(in location);

    /// <summary>Stores with release order: no earlier access moves after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRelease(ref ulong location, ulong value) => Volatile.Write(ref location, value);

    /// <inheritdoc cref="StoreRelease(ref ulong, ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRelease(ref long location, long value) => Volatile.Write(ref location, value);

    /// <inheritdoc cref="StoreRelease(ref ulong, ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRelease(ref uint location, uint value) => Volatile.Write(ref location, value);

    /// <summary>As <see cref="StoreRelease(ref ulong, ulong)"/>, to memory that doesn't move, as <see cref="LoadAcquire(uint*)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRelease(uint* location, uint value) => Volatile.Write(ref *location, value);

    /// <inheritdoc cref="StoreRelease(ref ulong, ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRelease<T>(ref T location, T value)
        where T : class? => Volatile.Write(ref location, value);

    /// <summary>No load after it moves before a load ahead of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadBarrier() => Volatile.ReadBarrier();

    /// <summary>No store after it moves before a store ahead of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteBarrier() => Volatile.WriteBarrier();

    /// <summary>A full fence on every running thread of the process: the slow half of an asymmetric handshake (membarrier on Linux).</summary>
    public static void ProcessWideBarrier() => Interlocked.MemoryBarrierProcessWide();

    /// <summary>Called by every loop that waits for another thread's step, so that a scheduler can let that thread run.</summary>
    public static void SpinOnce(ref SpinWait wait) => wait.SpinOnce();

    /// <summary>Whether a thread still runs. False synchronises with its end: everything it did is visible.</summary>
    public static bool IsAlive(Thread thread) => thread.IsAlive;
}
