using FolioRuntime.Harness;
using FolioRuntime.Scale.Peers;

namespace FolioRuntime.Scale.Plays;

/// <summary>
/// Each loop replaces a thread's pieces, of 8 to 16,000 bytes with a linear drop-off; every second loop a batch of them is handed to the next thread, which frees it.
/// Source: rptest of mimalloc-bench, from rpmalloc.
/// </summary>
internal sealed class Rptest() : MemoryWorkload("rptest", "replaces pieces of 8 to 16,000 bytes and hands batches to the next thread", "allocation", 0, LargestBytes)
{
    private const int LargestBytes = 16_000;
    private const int SmallestBytes = 8;
    private const int Slots = 1000;
    private const int BatchLength = 200;

    public override Play Begin<TPeer, TItem>(TPeer peer, int threads) => new Playing<TPeer, TItem>(peer, threads);

    private sealed class Playing<TPeer, TItem>(TPeer peer, int threads) : Play
        where TPeer : struct, IPeer<TItem>
    {
        private readonly Slot<TItem>[]?[] _mailboxes = new Slot<TItem>[]?[threads];

        public override long Run(int thread, StopSignal stop)
        {
            var random = new XorShift(3, thread);
            var slots = new Slot<TItem>[Slots];
            long allocations = 0;
            var loop = 0;
            do
            {
                for (var i = 0; i < Slots; i++)
                {
                    Free(slots[i]);
                    slots[i] = Allocate(ref random);
                }

                allocations += Slots;
                if (loop++ % 2 == 1)
                {
                    var batch = new Slot<TItem>[BatchLength];
                    for (var i = 0; i < BatchLength; i++)
                        batch[i] = Allocate(ref random);
                    allocations += BatchLength;
                    FreeAll(Interlocked.Exchange(ref _mailboxes[(thread + 1) % threads], batch));
                }

                FreeAll(Interlocked.Exchange(ref _mailboxes[thread], null));
            }
            while (!stop.IsSet);

            FreeAll(slots);
            return allocations;
        }

        protected override void GiveBack()
        {
            foreach (var batch in _mailboxes)
                FreeAll(batch);
        }

        private Slot<TItem> Allocate(ref XorShift random)
        {
            // Density falls linearly to 0 at the largest.
            var share = 1 - Math.Sqrt(1 - ((random.Next() >> 11) * (1.0 / (1ul << 53))));
            var size = SmallestBytes + (int)((LargestBytes - SmallestBytes) * share);
            peer.RentBytes(size, out var item)[0] = (byte)size;
            return new Slot<TItem>(item, size);
        }

        private void Free(Slot<TItem> slot)
        {
            if (slot.SizeBytes > 0)
                peer.Return(slot.Item, slot.SizeBytes);
        }

        private void FreeAll(Slot<TItem>[]? slots)
        {
            foreach (var slot in slots ?? [])
                Free(slot);
        }
    }
}
