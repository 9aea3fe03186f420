using System.Runtime.CompilerServices;
using FolioRuntime.Folios;
using FolioRuntime.Primitives;
using FolioRuntime.Scale.Measurements;
using FolioRuntime.Scale.Peers;

namespace FolioRuntime.Scale.Plays;

/// <summary>Pins a folio that is held anyway, and ends the pin: all threads the same one.</summary>
internal sealed class PinUnpin() : Workload("pin-unpin-hot", "all threads pin one distributed folio and end the pin", "pair")
{
    private const int Chunk = 1000;

    public override IReadOnlyList<string> Peers => ["folio-page"];

    public override Sample Begin(string peer, int threads, LatencyRecorder? recorder)
    {
        var runtime = PeerCatalog.CreateRuntime();
        return new Sample(() => new Pinning(runtime.Folios, recorder), () => runtime.Trim(), runtime);
    }

    private sealed class Pinning : Play
    {
        private readonly DistributedFolio _folio;
        private readonly LatencyRecorder? _recorder;

        public Pinning(FolioAllocator folios, LatencyRecorder? recorder)
        {
            _recorder = recorder;
            using var folio = folios.Allocate(new PageOrder(0));
            _folio = ReadFolio.Distribute(folios, folio.Handle);
        }

        public override long Run(int thread, StopSignal stop)
        {
            long pairs = 0;
            do
            {
                if (_recorder is null)
                    PinAndUnpin(_folio);
                else
                    SingleCalls.Repeat(new Pair(_folio), Chunk, _recorder);
                pairs += Chunk;
            }
            while (!stop.IsSet);

            return pairs;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void PinAndUnpin(DistributedFolio folio)
        {
            for (var i = 0; i < Chunk; i++)
            {
                if (!folio.TryPin(out var pin))
                    ReadFolio.ThrowNotHeld();
                pin.Dispose();
            }
        }

        protected override void GiveBack() => _folio.Dispose();

        private readonly struct Pair(DistributedFolio folio) : IOperation
        {
            public void Do()
            {
                if (!folio.TryPin(out var pin))
                    ReadFolio.ThrowNotHeld();
                pin.Dispose();
            }
        }
    }
}
