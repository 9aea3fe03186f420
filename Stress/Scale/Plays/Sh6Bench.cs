using FolioRuntime.Scale.Peers;

namespace FolioRuntime.Scale.Plays;

/// <summary>
/// Pieces of 1 to 1,000 bytes, small ones more often, go round a ring; when it is full, parts of it are freed in the order of allocation and in reverse, in turn.
/// With main's pieces (sh8bench) workers besides free what main allocated for them. Source: sh6bench and sh8bench of mimalloc-bench, from MicroQuill.
/// </summary>
internal sealed class Sh6Bench(string name, int allocatedByMain) : MemoryWorkload(
    name,
    allocatedByMain == 0 ? "allocates pieces into a ring and frees parts of it first-in-first-out and last-in-first-out" : $"the same, and frees {allocatedByMain:N0} pieces that main allocated",
    "allocation",
    0,
    MostBytes)
{
    private const int MostBytes = 1000;
    private const int RingLength = 5000;
    private const int FreedAtOnce = RingLength / 5;
    private const int MainsBytes = 64;
    private const int MainsAtOnce = 100;
    private const int SmallRepeats = 5;
    private const int SmallUpTo = 100;

    public override Play Begin<TPeer, TItem>(TPeer peer, int threads) => new Playing<TPeer, TItem>(peer, threads, allocatedByMain / threads);

    private sealed class Playing<TPeer, TItem> : Play
        where TPeer : struct, IPeer<TItem>
    {
        private readonly TPeer _peer;
        private readonly TItem[][] _mains;
        private readonly int[] _mainsLeft;

        public Playing(TPeer peer, int threads, int ofMainEach)
        {
            _peer = peer;
            _mains = new TItem[threads][];
            _mainsLeft = new int[threads];
            for (var i = 0; i < threads; i++)
            {
                _mains[i] = new TItem[ofMainEach];
                _mainsLeft[i] = ofMainEach;
                for (var at = 0; at < ofMainEach; at++)
                    _mains[i][at] = peer.Rent(MainsBytes);
            }
        }

        public override long Run(int thread, StopSignal stop)
        {
            var ring = new Queue<Slot<TItem>>(RingLength);
            var recent = new Stack<Slot<TItem>>();
            long allocations = 0;
            do
            {
                for (var size = 1; size <= MostBytes; size++)
                {
                    for (var repeat = size <= SmallUpTo ? SmallRepeats : 1; repeat > 0; repeat--)
                    {
                        _peer.RentBytes(size, out var item)[0] = 1;
                        allocations++;
                        if (size % 2 == 0)
                        {
                            recent.Push(new Slot<TItem>(item, size));
                        }
                        else
                        {
                            ring.Enqueue(new Slot<TItem>(item, size));
                        }
                    }

                    if (ring.Count >= RingLength / 2)
                        FreeOldest(ring, FreedAtOnce);
                    if (recent.Count >= RingLength / 2)
                        FreeNewest(recent, FreedAtOnce);
                }

                FreeMains(thread, MainsAtOnce);
            }
            while (!stop.IsSet);

            FreeOldest(ring, ring.Count);
            FreeNewest(recent, recent.Count);
            return allocations;
        }

        protected override void GiveBack()
        {
            for (var thread = 0; thread < _mains.Length; thread++)
                FreeMains(thread, _mainsLeft[thread]);
        }

        private void FreeOldest(Queue<Slot<TItem>> ring, int count)
        {
            for (; count > 0; count--)
            {
                var slot = ring.Dequeue();
                _peer.Return(slot.Item, slot.SizeBytes);
            }
        }

        private void FreeNewest(Stack<Slot<TItem>> recent, int count)
        {
            for (; count > 0; count--)
            {
                var slot = recent.Pop();
                _peer.Return(slot.Item, slot.SizeBytes);
            }
        }

        private void FreeMains(int thread, int count)
        {
            for (; count > 0 && _mainsLeft[thread] > 0; count--)
                _peer.Return(_mains[thread][--_mainsLeft[thread]], MainsBytes);
        }
    }
}
