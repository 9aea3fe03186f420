using FolioRuntime.Folios;
using FolioRuntime.Primitives;
using FolioRuntime.Scale.Measurements;
using FolioRuntime.Scale.Peers;

namespace FolioRuntime.Scale.Plays;

/// <summary>Copies 64 bytes out of a folio of the thread's own: without a reference, validated afterwards, or under one.</summary>
internal sealed class ReadFolio(string name, bool optimistic) : Workload(
    name, optimistic ? "copies 64 bytes out of a folio without a reference, and validates the copy" : "gets a reference to a folio, copies 64 bytes and puts it", "read")
{
    private const int Chunk = 1000;
    private const int CopiedBytes = 64;

    public override IReadOnlyList<string> Peers => ["folio-page"];

    public override Sample Begin(string peer, int threads, LatencyRecorder? recorder)
    {
        var runtime = PeerCatalog.CreateRuntime();
        return new Sample(new Reading(runtime.Folios, threads, optimistic), () => runtime.Trim(), runtime);
    }

    private sealed class Reading : Play
    {
        private readonly FolioAllocator _folios;
        private readonly FolioHandle[] _handles;
        private readonly bool _optimistic;

        public Reading(FolioAllocator folios, int count, bool optimistic)
        {
            _folios = folios;
            _optimistic = optimistic;
            _handles = new FolioHandle[count];
            for (var i = 0; i < count; i++)
                _handles[i] = folios.Rent(new PageOrder(0));
        }

        public override long Run(int thread, StopSignal stop)
        {
            var handle = _handles[thread];
            Span<byte> copy = stackalloc byte[CopiedBytes];
            long reads = 0;
            do
            {
                if (_optimistic)
                    Optimistic(handle, copy);
                else
                    Counted(handle, copy);

                reads += Chunk;
            }
            while (!stop.IsSet);

            return reads;
        }

        protected override void GiveBack()
        {
            foreach (var handle in _handles)
                _folios.Return(handle);
        }

        private void Optimistic(FolioHandle handle, Span<byte> copy)
        {
            var folios = _folios;
            for (var i = 0; i < Chunk; i++)
            {
                if (!folios.TryRead(handle, 0, copy))
                    throw new InvalidOperationException("Nobody changes or returns it.");
            }
        }

        private void Counted(FolioHandle handle, Span<byte> copy)
        {
            var folios = _folios;
            for (var i = 0; i < Chunk; i++)
            {
                if (!folios.TryGet(handle, out var folio))
                    throw new InvalidOperationException("What is rented can be got.");
                folio.Bytes[..CopiedBytes].CopyTo(copy);
                folio.Dispose();
            }
        }
    }
}
