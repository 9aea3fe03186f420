using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FolioRuntime.Primitives;

/// <summary>
/// A counter that many threads add to and few read. Each processor has a stripe of its own, two cache lines apart, so
/// that counting doesn't make threads share a line. A read sums the stripes: exact once adders are quiet, never lost.
/// Thread-safe.
/// </summary>
internal sealed class StripedCounter
{
    private static readonly int s_stripes = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 64));

    private readonly Stripe[] _stripes = new Stripe[s_stripes + 1];

    /// <summary>The sum of everything added.</summary>
    public long Value
    {
        get
        {
            long sum = 0;
            for (var i = 1; i < _stripes.Length; i++)
                sum += Atomics.LoadAcquire(ref _stripes[i].Count);
            return sum;
        }
    }

    /// <summary>Adds to the stripe of the processor that runs the caller.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Add(long amount = 1) =>
        Atomics.Count(ref _stripes[1 + (Thread.GetCurrentProcessorId() & (s_stripes - 1))].Count, amount);

    [StructLayout(LayoutKind.Explicit, Size = CacheLine.PaddingBytes)]
    private struct Stripe
    {
        [FieldOffset(0)]
        public long Count;
    }
}
