using System.Runtime.CompilerServices;

namespace FolioRuntime.Primitives;

/// <summary>
/// The seam of the instrumented build: the same operations as the shipping Primitives/Atomics.cs, each announced to
/// <see cref="SeamObserver.Current"/> before and after. A test holds the two against each other member by member.
/// </summary>
internal static unsafe class Atomics
{
    public static ulong Add(ref ulong location, ulong value)
    {
        Before(SeamOperation.Add, ref location);
        var after = Interlocked.Add(ref location, value);
        After(SeamOperation.Add, ref location, after - value, after);
        return after;
    }

    public static long Add(ref long location, long value)
    {
        Before(SeamOperation.Add, ref location);
        var after = Interlocked.Add(ref location, value);
        After(SeamOperation.Add, ref location, (ulong)(after - value), (ulong)after);
        return after;
    }

    public static void Count(ref long location, long amount)
    {
        Before(SeamOperation.Count, ref location);
        var after = Interlocked.Add(ref location, amount);
        After(SeamOperation.Count, ref location, (ulong)(after - amount), (ulong)after);
    }

    public static ulong CompareExchange(ref ulong location, ulong desired, ulong expected)
    {
        Before(SeamOperation.CompareExchange, ref location);
        var found = Interlocked.CompareExchange(ref location, desired, expected);
        After(SeamOperation.CompareExchange, ref location, found, found == expected ? desired : found);
        return found;
    }

    public static uint CompareExchange(ref uint location, uint desired, uint expected)
    {
        Before(SeamOperation.CompareExchange, ref location);
        var found = Interlocked.CompareExchange(ref location, desired, expected);
        After(SeamOperation.CompareExchange, ref location, found, found == expected ? desired : found);
        return found;
    }

    public static uint Or(ref uint location, uint bits)
    {
        Before(SeamOperation.Or, ref location);
        var found = Interlocked.Or(ref location, bits);
        After(SeamOperation.Or, ref location, found, found | bits);
        return found;
    }

    public static uint And(ref uint location, uint bits)
    {
        Before(SeamOperation.And, ref location);
        var found = Interlocked.And(ref location, bits);
        After(SeamOperation.And, ref location, found, found & bits);
        return found;
    }

    public static uint Exchange(ref uint location, uint value)
    {
        Before(SeamOperation.Exchange, ref location);
        var found = Interlocked.Exchange(ref location, value);
        After(SeamOperation.Exchange, ref location, found, value);
        return found;
    }

    public static ulong LoadAcquire(ref readonly ulong location)
    {
        Before(SeamOperation.LoadAcquire, ref Unsafe.AsRef(in location));
        var value = Volatile.Read(in location);
        return Loaded(ref Unsafe.AsRef(in location), value);
    }

    public static long LoadAcquire(ref readonly long location)
    {
        Before(SeamOperation.LoadAcquire, ref Unsafe.AsRef(in location));
        var value = Volatile.Read(in location);
        return (long)Loaded(ref Unsafe.AsRef(in location), (ulong)value);
    }

    public static uint LoadAcquire(ref readonly uint location)
    {
        Before(SeamOperation.LoadAcquire, ref Unsafe.AsRef(in location));
        var value = Volatile.Read(in location);
        return (uint)Loaded(ref Unsafe.AsRef(in location), value);
    }

    public static uint LoadAcquire(uint* location) => LoadAcquire(ref *location);

    public static T LoadAcquire<T>(ref readonly T location)
        where T : class?
    {
        Before(SeamOperation.LoadAcquire, ref Unsafe.AsRef(in location));
        var value = Volatile.Read(in location);
        if (SeamObserver.Current is not { NumbersReferences: true } observer)
        {
            After(SeamOperation.LoadAcquire, ref Unsafe.AsRef(in location), 0, 0);
            return value;
        }

        return (T)observer.Numbered(Loaded(ref Unsafe.AsRef(in location), observer.NumberOf(value)))!;
    }

    public static void StoreRelease(ref ulong location, ulong value)
    {
        Before(SeamOperation.StoreRelease, ref location);
        var before = location;
        Volatile.Write(ref location, value);
        After(SeamOperation.StoreRelease, ref location, before, value);
    }

    public static void StoreRelease(ref long location, long value)
    {
        Before(SeamOperation.StoreRelease, ref location);
        var before = location;
        Volatile.Write(ref location, value);
        After(SeamOperation.StoreRelease, ref location, (ulong)before, (ulong)value);
    }

    public static void StoreRelease(ref uint location, uint value)
    {
        Before(SeamOperation.StoreRelease, ref location);
        var before = location;
        Volatile.Write(ref location, value);
        After(SeamOperation.StoreRelease, ref location, before, value);
    }

    public static void StoreRelease(uint* location, uint value) => StoreRelease(ref *location, value);

    public static void StoreRelease<T>(ref T location, T value)
        where T : class?
    {
        Before(SeamOperation.StoreRelease, ref location);
        var before = NumberOf(location);
        Volatile.Write(ref location, value);
        After(SeamOperation.StoreRelease, ref location, before, NumberOf(value));
    }

    public static void ReadBarrier()
    {
        SeamObserver.Current?.Before(SeamOperation.ReadBarrier, 0);
        Volatile.ReadBarrier();
        SeamObserver.Current?.After(SeamOperation.ReadBarrier, 0, 0, 0);
    }

    public static void WriteBarrier()
    {
        SeamObserver.Current?.Before(SeamOperation.WriteBarrier, 0);
        Volatile.WriteBarrier();
        SeamObserver.Current?.After(SeamOperation.WriteBarrier, 0, 0, 0);
    }

    public static void ProcessWideBarrier()
    {
        SeamObserver.Current?.Before(SeamOperation.ProcessWideBarrier, 0);
        // Where one thread moves at a time, handing over orders everything, and interrupting the other processors is most of the time that it all takes.
        if (SeamObserver.Current is not { WaitsForThreads: true })
            Interlocked.MemoryBarrierProcessWide();
        SeamObserver.Current?.After(SeamOperation.ProcessWideBarrier, 0, 0, 0);
    }

    public static void SpinOnce(ref SpinWait wait)
    {
        SeamObserver.Current?.Before(SeamOperation.Spin, 0);
        if (SeamObserver.Current is not { WaitsForThreads: true })
            wait.SpinOnce();
        SeamObserver.Current?.After(SeamOperation.Spin, 0, 0, 0);
    }

    public static bool IsAlive(Thread thread)
    {
        var identity = SeamObserver.IdentityOf(thread);
        SeamObserver.Current?.Before(SeamOperation.ThreadState, identity);
        var alive = SeamObserver.Current?.IsAlive(thread) ?? thread.IsAlive;
        SeamObserver.Current?.After(SeamOperation.ThreadState, identity, alive ? 1ul : 0, alive ? 1ul : 0);
        return alive;
    }

    // SAFETY: the address is only compared and printed, never dereferenced; words in managed memory may move meanwhile.
    private static void Before<T>(SeamOperation operation, ref T location) =>
        SeamObserver.Current?.Before(operation, (nint)Unsafe.AsPointer(ref location));

    private static ulong NumberOf(object? reference) => SeamObserver.Current is { NumbersReferences: true } observer ? observer.NumberOf(reference) : 0;

    private static ulong Loaded<T>(ref T location, ulong value)
    {
        if (SeamObserver.Current is not { } observer)
            return value;
        value = observer.Loaded((nint)Unsafe.AsPointer(ref location), value);
        After(SeamOperation.LoadAcquire, ref location, value, value);
        return value;
    }

    private static void After<T>(SeamOperation operation, ref T location, ulong before, ulong after) =>
        SeamObserver.Current?.After(operation, (nint)Unsafe.AsPointer(ref location), before, after);
}
