using System.Runtime.CompilerServices;
using FolioRuntime.Scale.Peers;

namespace FolioRuntime.Scale.Plays;

/// <summary>Rents a number of pieces and returns them then, the first first; all by one call where the peer has that, or each by one.</summary>
internal sealed class RentReturnMany(string name, int count, int sizeBytes, bool atOnce) : MemoryWorkload(
    name, $"rents {count} pieces of {sizeBytes} bytes, then returns them, the first first, {(atOnce ? "by one call each where the peer has one" : "each by a call")}", "pair", sizeBytes, sizeBytes)
{
    private const int Chunk = 32;

    public override Play Begin<TPeer, TItem>(TPeer peer, int threads) => new Playing<TPeer, TItem>(peer, count, FixedBytes, atOnce);

    private sealed class Playing<TPeer, TItem>(TPeer peer, int count, int sizeBytes, bool atOnce) : Play
        where TPeer : struct, IPeer<TItem>
    {
        public override long Run(int thread, StopSignal stop)
        {
            var items = new TItem[count];
            var many = atOnce ? peer as IManyPeer<TItem> : null;
            long pairs = 0;
            do
            {
                if (many is not null)
                    RentAndReturnAtOnce(many, items);
                else
                    RentAndReturn(peer, items, sizeBytes);
                pairs += Chunk * items.Length;
            }
            while (!stop.IsSet);

            return pairs;
        }

        // Called often, and so compiled as what is hot is.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void RentAndReturn(TPeer own, TItem[] items, int size)
        {
            for (var chunk = 0; chunk < Chunk; chunk++)
            {
                for (var i = 0; i < items.Length; i++)
                    items[i] = own.Rent(size);
                for (var i = 0; i < items.Length; i++)
                    own.Return(items[i], size);
            }
        }

        private static void RentAndReturnAtOnce(IManyPeer<TItem> own, TItem[] items)
        {
            for (var chunk = 0; chunk < Chunk; chunk++)
            {
                own.RentMany(items);
                own.ReturnMany(items);
            }
        }
    }
}
