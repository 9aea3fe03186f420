using FolioRuntime.Harness;
using FolioRuntime.Scale.Peers;

namespace FolioRuntime.Scale.Plays;

/// <summary>
/// Threads that are made anew for each round allocate pieces of many sizes, free two thirds, keep half for long, and swap a quarter with other threads through a
/// shared array. What a piece holds is checked when it is freed. Source: mstress of mimalloc-bench.
/// </summary>
internal sealed class Mstress() : MemoryWorkload("mstress", "threads of short lives allocate, keep, free and swap pieces and check what they hold", "allocation", 0, PeerCatalog.LargestBytes)
{
    private const int TransferSlots = 1000;
    private const int AllocationsOfAThread = 20_000;
    private const int FewestOfAThread = 100;
    private const ulong Cookie = 0x9E37_79B9_7F4A_7C15;
    private const int SmallestBytes = 8;

    public override Play Begin<TPeer, TItem>(TPeer peer, int threads) => new Playing<TPeer, TItem>(peer);

    private sealed class Piece<TItem>(TItem item, int sizeBytes)
    {
        public TItem Item { get; } = item;

        public int SizeBytes { get; } = sizeBytes;
    }

    private sealed class Playing<TPeer, TItem>(TPeer peer) : Play
        where TPeer : struct, IPeer<TItem>
    {
        private readonly Piece<TItem>?[] _transfer = new Piece<TItem>?[TransferSlots];

        public override long Run(int thread, StopSignal stop) => Successors.Run(thread, stop, seed => Live(thread, seed, stop));

        protected override void GiveBack()
        {
            foreach (var piece in _transfer)
                Free(piece);
        }

        private long Live(int thread, ulong seed, StopSignal stop)
        {
            var random = new XorShift(seed, thread);
            var retained = new List<Piece<TItem>>();
            var data = new List<Piece<TItem>?>();
            var allocations = 0;
            do
            {
                var piece = Allocate(ref random);
                allocations++;
                if (random.OnceIn(2))
                    retained.Add(piece);
                else
                    data.Add(piece);
                if (data.Count > 0 && random.Below(3) < 2)
                {
                    var at = random.Below(data.Count);
                    Free(data[at]);
                    data[at] = data[^1];
                    data.RemoveAt(data.Count - 1);
                }

                if (data.Count > 0 && random.OnceIn(4))
                {
                    var at = random.Below(data.Count);
                    data[at] = Interlocked.Exchange(ref _transfer[random.Below(TransferSlots)], data[at]);
                }
            }
            while (allocations < AllocationsOfAThread && (!stop.IsSet || allocations < FewestOfAThread));

            retained.ForEach(Free);
            data.ForEach(Free);
            return allocations;
        }

        private Piece<TItem> Allocate(ref XorShift random)
        {
            // Mostly small, one in a hundred up to the largest.
            var largest = random.OnceIn(100) ? PeerCatalog.LargestBytes : random.OnceIn(10) ? 1024 : 128;
            var size = SmallestBytes + random.Below(largest - SmallestBytes);
            BitConverter.TryWriteBytes(peer.RentBytes(size, out var item), Cookie ^ (ulong)size);
            var piece = new Piece<TItem>(item, size);
            return piece;
        }

        private void Free(Piece<TItem>? piece)
        {
            if (piece is null)
                return;
            if (BitConverter.ToUInt64(peer.BytesOf(piece.Item, piece.SizeBytes)) != (Cookie ^ (ulong)piece.SizeBytes))
                throw new InvalidOperationException($"A piece of {piece.SizeBytes} bytes was overwritten while it was held.");
            peer.Return(piece.Item, piece.SizeBytes);
        }
    }
}
