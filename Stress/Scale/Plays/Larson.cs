using FolioRuntime.Harness;
using FolioRuntime.Scale.Peers;

namespace FolioRuntime.Scale.Plays;

/// <summary>
/// A server whose threads end and hand their objects to successors. Main fills each thread's slots; a thread frees and allocates at random, then spawns its
/// successor on the same slots and ends. Source: larson of mimalloc-bench.
/// </summary>
internal sealed class Larson() : MemoryWorkload(
    "larson", "threads free and allocate 8 to 999 bytes at random and hand their slots to a successor", "allocation", 0, 999)
{
    private const int Slots = 5000;
    private const int TurnsOfAThread = 100 * Slots;
    private const int SmallestBytes = 8;
    private const int Spread = 992;
    private const int Chunk = 1000;

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
            var random = new XorShift(1, 0);
            for (var i = 0; i < threads; i++)
            {
                _slots[i] = new Slot<TItem>[Slots];
                for (var at = 0; at < Slots; at++)
                    _slots[i][at] = Allocate(ref random);
            }
        }

        public override long Run(int thread, StopSignal stop) => Successors.Run(thread, stop, seed => Live(thread, seed, stop));

        protected override void GiveBack()
        {
            foreach (var slot in _slots.SelectMany(slots => slots))
                _peer.Return(slot.Item, slot.SizeBytes);
        }

        private long Live(int thread, ulong seed, StopSignal stop)
        {
            var slots = _slots[thread];
            var random = new XorShift(seed, thread);
            long allocations = 0;
            do
            {
                for (var i = 0; i < Chunk; i++)
                {
                    ref var slot = ref slots[random.Below(Slots)];
                    _peer.Return(slot.Item, slot.SizeBytes);
                    slot = Allocate(ref random);
                }

                allocations += Chunk;
            }
            while (allocations < TurnsOfAThread && !stop.IsSet);

            return allocations;
        }

        private Slot<TItem> Allocate(ref XorShift random)
        {
            var size = SmallestBytes + random.Below(Spread);
            var bytes = _peer.RentBytes(size, out var item);
            bytes[0] = 1;
            bytes[size - 1] = 2;
            return new Slot<TItem>(item, size);
        }
    }
}
