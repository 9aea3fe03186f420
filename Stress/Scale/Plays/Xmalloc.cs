using FolioRuntime.Scale.Peers;

namespace FolioRuntime.Scale.Plays;

/// <summary>
/// As many threads that only allocate as threads that only free, with batches between them: all memory is freed by somebody who never allocated.
/// Source: xmalloc-testN of mimalloc-bench.
/// </summary>
internal sealed class Xmalloc() : MemoryWorkload("xmalloc-testN", "half of the threads allocate 64 bytes in batches, the other half free them", "free", PieceBytes, PieceBytes)
{
    private const int PieceBytes = 64;
    private const int BatchLength = 4096;
    private const int MostBatches = 100;

    public override int ThreadsFor(int processors) => 2 * processors;

    public override Play Begin<TPeer, TItem>(TPeer peer, int threads) => new Playing<TPeer, TItem>(peer);

    private sealed class Playing<TPeer, TItem>(TPeer peer) : Play
        where TPeer : struct, IPeer<TItem>
    {
        private readonly Lock _lock = new();
        private readonly Stack<TItem[]> _full = new();
        private readonly Stack<TItem[]> _empty = new();

        public override long Run(int thread, StopSignal stop) => thread % 2 == 0 ? Allocate(stop) : Free(stop);

        protected override void GiveBack()
        {
            foreach (var batch in _full)
                ReturnAll(batch);
        }

        private long Allocate(StopSignal stop)
        {
            do
            {
                var batch = Take(_empty) ?? new TItem[BatchLength];
                for (var i = 0; i < batch.Length; i++)
                {
                    peer.RentBytes(PieceBytes, out batch[i])[0] = 1;
                }

                // Ends: somebody frees, or the time is over.
                var given = TryGive(batch);
                while (!given && !stop.IsSet)
                {
                    Thread.Yield();
                    given = TryGive(batch);
                }

                if (!given)
                    ReturnAll(batch);
            }
            while (!stop.IsSet);
            return 0;
        }

        private long Free(StopSignal stop)
        {
            long frees = 0;

            // At least one batch: there are as many threads that allocate, and each gives one.
            while (!stop.IsSet || frees == 0)
            {
                if (Take(_full) is not { } batch)
                {
                    Thread.Yield();
                    continue;
                }

                ReturnAll(batch);
                frees += batch.Length;
                lock (_lock)
                    _empty.Push(batch);
            }

            return frees;
        }

        private void ReturnAll(TItem[] batch)
        {
            foreach (var item in batch)
                peer.Return(item, PieceBytes);
        }

        private TItem[]? Take(Stack<TItem[]> from)
        {
            lock (_lock)
                return from.TryPop(out var batch) ? batch : null;
        }

        private bool TryGive(TItem[] batch)
        {
            lock (_lock)
            {
                if (_full.Count >= MostBatches)
                    return false;
                _full.Push(batch);
                return true;
            }
        }
    }
}
