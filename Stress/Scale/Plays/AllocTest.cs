using FolioRuntime.Harness;
using FolioRuntime.Scale.Peers;

namespace FolioRuntime.Scale.Plays;

/// <summary>
/// Few slots are used often, many seldom: an occupied one is read and freed, an empty one filled. Sizes up to 1 KiB, each power of two half as likely as the one
/// before. Source: alloc-test of mimalloc-bench.
/// </summary>
internal sealed class AllocTest() : MemoryWorkload("alloc-test", "fills and empties slots, of which a fifth gets four fifths of the work", "slot", 0, 1024)
{
    private const int AllSlots = 1 << 18;
    private const int Chunk = 1000;
    private const int SmallestPower = 3;
    private const int LargestPower = 10;

    // A fifth of the slots is chosen four times in five: the share that is chosen with probability u is u^(ln 0.2 / ln 0.8).
    private const double ParetoExponent = 7.2126;

    private static readonly float[] s_pareto = [.. Enumerable.Range(0, 1 << 16).Select(i => (float)Math.Pow((i + 0.5) / (1 << 16), ParetoExponent))];

    public override Play Begin<TPeer, TItem>(TPeer peer, int threads) => new Playing<TPeer, TItem>(peer, threads);

    private sealed class Playing<TPeer, TItem> : Play
        where TPeer : struct, IPeer<TItem>
    {
        private readonly TPeer _peer;
        private readonly Slot<TItem>[][] _slots;

        public Playing(TPeer peer, int threads)
        {
            _peer = peer;
            _slots = new Slot<TItem>[threads][];
            for (var i = 0; i < threads; i++)
                _slots[i] = new Slot<TItem>[AllSlots / threads];
        }

        public override long Run(int thread, StopSignal stop)
        {
            var slots = _slots[thread];
            var random = new XorShift(7, thread);
            long done = 0;
            for (var i = 0; i < slots.Length; i += 2, done++)
                Fill(ref slots[i], ref random);
            long sum = 0;
            do
            {
                for (var i = 0; i < Chunk; i++)
                {
                    ref var slot = ref slots[(int)(s_pareto[random.Below(s_pareto.Length)] * slots.Length)];
                    if (slot.SizeBytes == 0)
                        Fill(ref slot, ref random);
                    else
                        sum += Empty(ref slot);
                }

                done += Chunk;
            }
            while (!stop.IsSet);

            GC.KeepAlive(sum);
            return done;
        }

        protected override void GiveBack()
        {
            foreach (var slots in _slots)
            {
                for (var i = 0; i < slots.Length; i++)
                {
                    if (slots[i].SizeBytes > 0)
                        Empty(ref slots[i]);
                }
            }
        }

        private void Fill(ref Slot<TItem> slot, ref XorShift random)
        {
            var power = Math.Min(SmallestPower + int.TrailingZeroCount((int)(random.Next() >> 40) | (1 << 20)), LargestPower);
            var size = (1 << (power - 1)) + 1 + random.Below(1 << (power - 1));
            _peer.RentBytes(size, out var item)[..size].Fill((byte)size);
            slot = new Slot<TItem>(item, size);
        }

        private long Empty(ref Slot<TItem> slot)
        {
            long sum = 0;
            foreach (var value in _peer.BytesOf(slot.Item, slot.SizeBytes)[..slot.SizeBytes])
                sum += value;
            _peer.Return(slot.Item, slot.SizeBytes);
            slot = default;
            return sum;
        }
    }
}
