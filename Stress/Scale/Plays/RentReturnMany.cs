using FolioRuntime.Scale.Peers;

namespace FolioRuntime.Scale.Plays;

/// <summary>Rents a number of pieces and returns them then, the first first.</summary>
internal sealed class RentReturnMany(string name, int count, int sizeBytes)
    : MemoryWorkload(name, $"rents {count} pieces of {sizeBytes} bytes, then returns them, the first first", "pair", sizeBytes, sizeBytes)
{
    private const int Chunk = 32;

    public override Play Begin<TPeer, TItem>(TPeer peer, int threads) => new Playing<TPeer, TItem>(peer, count, FixedBytes);

    private sealed class Playing<TPeer, TItem>(TPeer peer, int count, int sizeBytes) : Play
        where TPeer : struct, IPeer<TItem>
    {
        public override long Run(int thread, StopSignal stop)
        {
            var own = peer;
            var size = sizeBytes;
            var items = new TItem[count];
            long pairs = 0;
            do
            {
                for (var chunk = 0; chunk < Chunk; chunk++)
                {
                    for (var i = 0; i < items.Length; i++)
                        items[i] = own.Rent(size);
                    for (var i = 0; i < items.Length; i++)
                        own.Return(items[i], size);
                }

                pairs += Chunk * items.Length;
            }
            while (!stop.IsSet);

            return pairs;
        }
    }
}
