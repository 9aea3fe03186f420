using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Tests.Repository;

/// <summary>
/// One method for each operation whose machine code docs/LIFETIMES.md shows, not inlined, so that the compiler prints it by name.
/// What they call is inlined into them as it is into the runtime's own callers. <see cref="Program"/> has them all compiled.
/// </summary>
internal static class SeamListing
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong Add(ref ulong word, ulong value) => Atomics.Add(ref word, value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong CompareExchange(ref ulong word, ulong desired, ulong expected) => Atomics.CompareExchange(ref word, desired, expected);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong LoadAcquire(ref ulong word) => Atomics.LoadAcquire(ref word);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StoreRelease(ref ulong word, ulong value) => Atomics.StoreRelease(ref word, value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ReadBarrier() => Atomics.ReadBarrier();

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void WriteBarrier() => Atomics.WriteBarrier();

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TryGet(ref ulong word, uint generation) => Lifetime.TryGet(ref word, generation) == GetOutcome.Got;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Put(ref ulong word, uint generation) => Lifetime.Put(ref word, generation) == PutOutcome.Dropped;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TryReturnUnreferenced(ref ulong word, uint generation) =>
        Lifetime.TryReturnUnreferenced(ref word, generation, LifetimeWord.Rented(generation));

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TryAdd(ThreadStack slot) => slot.TryAdd(1);
}
