using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using FolioRuntime.Folios;
using FolioRuntime.Primitives;
using FolioRuntime.Scale.Measurements;
using FolioRuntime.Scale.Peers;

namespace FolioRuntime.Scale.Plays;

/// <summary>Copies 64 bytes out of a folio of the thread's own, or out of one that all threads read: without a reference, validated afterwards, under one, or under a pin.</summary>
internal sealed class ReadFolio(string name, FolioReading reading, bool shared) : Workload(name, AboutOf(reading, shared), "read")
{
    private const int Chunk = 1000;
    private const int CopiedBytes = 64;

    public override IReadOnlyList<string> Peers => ["folio-page"];

    public override Sample Begin(string peer, int threads, LatencyRecorder? recorder)
    {
        var runtime = PeerCatalog.CreateRuntime();
        var folios = shared ? 1 : threads;
        Play play = reading == FolioReading.Pinned ? new PinnedReading(runtime.Folios, folios, recorder) : new Reading(runtime.Folios, folios, reading == FolioReading.Optimistic, recorder);
        return new Sample(() => play, () => runtime.Trim(), runtime);
    }

    /// <summary>Has threads pin a folio that somebody holds.</summary>
    public static DistributedFolio Distribute(FolioAllocator folios, FolioHandle handle) =>
        folios.TryDistribute(handle, out var folio) ? folio : throw new InvalidOperationException("What is held can be distributed.");

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ThrowNotHeld() => throw new InvalidOperationException("What is rented and never frozen can be held.");

    private static string AboutOf(FolioReading reading, bool shared) => (shared ? "all threads, of one folio: " : "") + reading switch
    {
        FolioReading.Optimistic => "copies 64 bytes out of a folio without a reference, and validates the copy",
        FolioReading.Counted => "gets a reference to a folio, copies 64 bytes and puts it",
        _ => "pins a folio, copies 64 bytes and ends the pin",
    };

    private sealed class Reading : Play
    {
        private readonly FolioAllocator _folios;
        private readonly FolioHandle[] _handles;
        private readonly bool _optimistic;
        private readonly LatencyRecorder? _recorder;

        public Reading(FolioAllocator folios, int count, bool optimistic, LatencyRecorder? recorder)
        {
            _recorder = recorder;
            _folios = folios;
            _optimistic = optimistic;
            _handles = new FolioHandle[count];
            for (var i = 0; i < count; i++)
                _handles[i] = folios.Rent(new PageOrder(0));
        }

        public override long Run(int thread, StopSignal stop)
        {
            var handle = _handles[thread % _handles.Length];
            Span<byte> copy = stackalloc byte[CopiedBytes];
            long reads = 0;
            do
            {
                if (_recorder is not null)
                    Timed(handle, copy, _recorder);
                else if (_optimistic)
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
                    ThrowNotHeld();
                folio.Bytes[..CopiedBytes].CopyTo(copy);
                folio.Dispose();
            }
        }

        private void Timed(FolioHandle handle, Span<byte> copy, LatencyRecorder recorder)
        {
            if (_optimistic)
                SingleCalls.Repeat(new OptimisticCopy(_folios, handle, copy), Chunk, recorder);
            else
                SingleCalls.Repeat(new CountedCopy(_folios, handle, copy), Chunk, recorder);
        }

        private readonly ref struct OptimisticCopy(FolioAllocator folios, FolioHandle handle, Span<byte> copy) : IOperation
        {
            private readonly Span<byte> _copy = copy;

            public void Do()
            {
                if (!folios.TryRead(handle, 0, _copy))
                    throw new InvalidOperationException("Nobody changes or returns it.");
            }
        }

        private readonly ref struct CountedCopy(FolioAllocator folios, FolioHandle handle, Span<byte> copy) : IOperation
        {
            private readonly Span<byte> _copy = copy;

            public void Do()
            {
                if (!folios.TryGet(handle, out var folio))
                    ThrowNotHeld();
                folio.Bytes[..CopiedBytes].CopyTo(_copy);
                folio.Dispose();
            }
        }
    }

    private sealed class PinnedReading : Play
    {
        private readonly DistributedFolio[] _folios;
        private readonly LatencyRecorder? _recorder;

        public PinnedReading(FolioAllocator folios, int count, LatencyRecorder? recorder)
        {
            _recorder = recorder;
            _folios = new DistributedFolio[count];
            for (var i = 0; i < count; i++)
            {
                using var folio = folios.Allocate(new PageOrder(0));
                _folios[i] = Distribute(folios, folio.Handle);
            }
        }

        public override long Run(int thread, StopSignal stop)
        {
            var folio = _folios[thread % _folios.Length];
            Span<byte> copy = stackalloc byte[CopiedBytes];
            long reads = 0;
            do
            {
                if (_recorder is null)
                    Read(folio, copy);
                else
                    SingleCalls.Repeat(new PinnedCopy(folio, copy), Chunk, _recorder);
                reads += Chunk;
            }
            while (!stop.IsSet);

            return reads;
        }

        protected override void GiveBack()
        {
            foreach (var folio in _folios)
                folio.Dispose();
        }

        private static void Read(DistributedFolio folio, Span<byte> copy)
        {
            for (var i = 0; i < Chunk; i++)
            {
                if (!folio.TryPin(out var pin))
                    ThrowNotHeld();
                pin.Bytes[..CopiedBytes].CopyTo(copy);
                pin.Dispose();
            }
        }

        private readonly ref struct PinnedCopy(DistributedFolio folio, Span<byte> copy) : IOperation
        {
            private readonly Span<byte> _copy = copy;

            public void Do()
            {
                if (!folio.TryPin(out var pin))
                    ThrowNotHeld();
                pin.Bytes[..CopiedBytes].CopyTo(_copy);
                pin.Dispose();
            }
        }
    }
}
