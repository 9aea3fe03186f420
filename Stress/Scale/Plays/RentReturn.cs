using System.Runtime.CompilerServices;
using FolioRuntime.Scale.Peers;

namespace FolioRuntime.Scale.Plays;

/// <summary>Rents one piece and returns it at once: the shortest life there is.</summary>
internal sealed class RentReturn(string name, int sizeBytes) : MemoryWorkload(name, $"rents {sizeBytes} bytes and returns them at once", "pair", sizeBytes, sizeBytes)
{
    private const int Chunk = 1000;

    public override Play Begin<TPeer, TItem>(TPeer peer, int threads) => new Playing<TPeer, TItem>(peer, FixedBytes);

    private sealed class Playing<TPeer, TItem>(TPeer peer, int sizeBytes) : Play
        where TPeer : struct, IPeer<TItem>
    {
        public override long Run(int thread, StopSignal stop)
        {
            long pairs = 0;
            do
            {
                RentAndReturn(peer, sizeBytes);
                pairs += Chunk;
            }
            while (!stop.IsSet);

            return pairs;
        }

        // Called often, and so compiled as what is hot is.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void RentAndReturn(TPeer own, int size)
        {
            for (var i = 0; i < Chunk; i++)
                own.Return(own.Rent(size), size);
        }
    }
}
