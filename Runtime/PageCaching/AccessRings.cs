using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <summary>
/// Which frames were hit, for the policy: a ring for each thread, which overwrites what nobody has collected. Whoever has a policy to ask collects from a few rings at a time.
/// <code>
///   ring:  [ count | … | frame | frame | … 64 in all ]     the frame of hit number n is number n mod 64
/// </code>
/// Where there are more threads than rings some share one. Hits may be lost, also by that; a wrong one misleads the policy a little and nobody else: whoever collects checks
/// everything. So nothing here is atomic, and a hit writes only to lines that no other thread reads while there are no misses. Source: Caffeine's and BitFaster's striped buffers.
/// </summary>
internal sealed class AccessRings
{
    /// <summary>Most that one call collects.</summary>
    public const int MostCollected = RingsCollected * Hits;

    private const int RingsCollected = 2;
    private const int RingShift = 7;
    private const int Hits = 64;
    private const int FirstHit = (1 << RingShift) - Hits;
    private const int LeastRings = 8;

    // Counts threads that came, in all of the process: the next one's number.
    private static long s_threads;

    private readonly uint[] _words;
    private readonly uint[] _collected;
    private readonly int _mask;
    private int _next;

    public AccessRings()
    {
        var rings = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(LeastRings, 4 * Environment.ProcessorCount));
        _mask = rings - 1;
        _words = GC.AllocateArray<uint>(rings << RingShift, pinned: true);
        _collected = new uint[rings];
    }

    /// <summary>Notes a hit of the calling thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Note(uint frame)
    {
        var number = Local.Number;
        if (number == 0)
            number = NumberThread();

        // Within the array: the ring's number is masked, and both words lie in the ring.
        ref var ring = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_words), (number & _mask) << RingShift);
        var count = Atomics.LoadAcquire(ref ring);
        Atomics.StoreRelease(ref Unsafe.Add(ref ring, FirstHit + (int)(count & (Hits - 1))), frame);
        Atomics.StoreRelease(ref ring, count + 1);
    }

    /// <summary>Takes what was noted since the last time, by the calling thread and by the next other one. The caller excludes others.</summary>
    /// <param name="frames">Receives frames that may have been hit; room for <see cref="MostCollected"/>.</param>
    /// <returns>How many.</returns>
    public int CollectUnsynchronized(Span<uint> frames)
    {
        // Threads count from 1, so the ring with number 0 is the last one to be used.
        var inUse = (int)Math.Min(_mask + 1, Atomics.LoadAcquire(ref s_threads));
        if (inUse <= RingsCollected)
            return CollectAll(inUse, frames);
        _next = _next + 1 < inUse ? _next + 1 : 0;
        var others = Collect((_next + 1) & _mask, frames);
        return others + Collect(Local.Number & _mask, frames[others..]);
    }

    // The caller's own is among them: which one needs no look into its thread's memory.
    private int CollectAll(int rings, Span<uint> frames)
    {
        var count = 0;
        for (var number = 1; number <= rings; number++)
            count += Collect(number, frames[count..]);
        return count;
    }

    private int Collect(int ring, Span<uint> frames)
    {
        var begin = ring << RingShift;
        var count = Atomics.LoadAcquire(ref _words[begin]);
        var collected = Math.Min(count - _collected[ring], Hits);
        _collected[ring] = count;
        for (var i = 0u; i < collected; i++)
            frames[(int)i] = Atomics.LoadAcquire(ref _words[begin + FirstHit + (int)((count - collected + i) & (Hits - 1))]);
        return (int)collected;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int NumberThread() => Local.Number = (int)(Atomics.Add(ref s_threads, 1) & int.MaxValue);

    // A class of its own, without references or an initialiser: its field then lies in the thread's own block.
    private static class Local
    {
        [ThreadStatic]
        public static int Number;
    }
}
