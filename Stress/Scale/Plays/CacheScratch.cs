using FolioRuntime.Scale.Peers;

namespace FolioRuntime.Scale.Plays;

/// <summary>
/// One-byte objects that are written and read many times: if two threads' objects share a cache line, it shows as time. With a hand-me-down, each thread first
/// frees an object that main allocated beside the others' (passive false sharing). Source: cache-thrash and cache-scratch of mimalloc-bench, from Hoard.
/// </summary>
internal sealed class CacheScratch(string name, bool handsDown) : MemoryWorkload(
    name,
    handsDown ? "frees a byte that main allocated, then allocates bytes and writes and reads each many times" : "allocates single bytes and writes and reads each many times",
    "object",
    ObjectBytes,
    ObjectBytes)
{
    private const int ObjectBytes = 1;
    private const int Writes = 1000;
    private const int Chunk = 100;

    public override Play Begin<TPeer, TItem>(TPeer peer, int threads) => new Playing<TPeer, TItem>(peer, handsDown ? threads : 0);

    private sealed class Playing<TPeer, TItem> : Play
        where TPeer : struct, IPeer<TItem>
    {
        private readonly TPeer _peer;
        private readonly TItem[] _handedDown;

        public Playing(TPeer peer, int handedDown)
        {
            _peer = peer;
            _handedDown = new TItem[handedDown];
            for (var i = 0; i < handedDown; i++)
                _handedDown[i] = peer.Rent(ObjectBytes);
        }

        public override long Run(int thread, StopSignal stop)
        {
            if (thread < _handedDown.Length)
                _peer.Return(_handedDown[thread], ObjectBytes);
            long objects = 0;
            do
            {
                for (var i = 0; i < Chunk; i++)
                {
                    Scratch(ref _peer.RentBytes(ObjectBytes, out var item)[0]);
                    _peer.Return(item, ObjectBytes);
                }

                objects += Chunk;
            }
            while (!stop.IsSet);

            return objects;
        }

        private static void Scratch(ref byte place)
        {
            for (var i = 0; i < Writes; i++)
                Volatile.Write(ref place, (byte)(Volatile.Read(ref place) + i));
        }
    }
}
