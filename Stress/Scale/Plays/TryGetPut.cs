using System.Runtime.CompilerServices;
using FolioRuntime.Scale.Measurements;
using FolioRuntime.Scale.Peers;

namespace FolioRuntime.Scale.Plays;

/// <summary>Gets a reference to what is held anyway, and puts it: each thread on an object of its own, far from the others' or next to them, or all on one.</summary>
internal sealed class TryGetPut(string name, TryGetPutPlace place) : Workload(name, AboutOf(place), "pair")
{
    private const int Chunk = 1000;

    // Neighbours' lifetime words share a cache line: eight of them.
    private const int FarApart = 32;

    // A cache that refills hands out the first of its slots, and then the others from the last on: these are neighbours.
    private const int First = 1;

    public override IReadOnlyList<string> Peers => ["folio-shared", "folio-page"];

    public override Sample Begin(string peer, int threads, LatencyRecorder? recorder)
    {
        var runtime = PeerCatalog.CreateRuntime();
        var (objects, apart) = (place == TryGetPutPlace.OneForAll ? 1 : threads, place == TryGetPutPlace.Neighbours ? 1 : FarApart);
        Play play = peer == "folio-page" ? new OnFolios(runtime, objects, apart, recorder) : new OnSlots(runtime, objects, apart, recorder);
        return new Sample(() => play, () => runtime.Trim(), runtime);
    }

    private static string AboutOf(TryGetPutPlace place) => place switch
    {
        TryGetPutPlace.OneForAll => "all threads get and put references to one object",
        TryGetPutPlace.Neighbours => "gets and puts a reference to an object of the thread's own, next to the other threads'",
        _ => "gets and puts a reference to an object of the thread's own",
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowNotGot() => throw new InvalidOperationException("What is rented can be got.");

    private sealed class OnSlots : Play
    {
        private readonly Slabs.SlabCache _cache;
        private readonly Slabs.SlabHandle[] _handles;
        private readonly int _apart;
        private readonly LatencyRecorder? _recorder;

        public OnSlots(PoolRuntime runtime, int count, int apart, LatencyRecorder? recorder)
        {
            _apart = apart;
            _recorder = recorder;
            _cache = runtime.CreateByteCache("objects", 64);
            _handles = new Slabs.SlabHandle[First + (count * apart)];
            for (var i = 0; i < _handles.Length; i++)
                _handles[i] = _cache.Rent();
        }

        public override long Run(int thread, StopSignal stop)
        {
            var handle = _handles[First + (thread * _apart % (_handles.Length - First))];
            long pairs = 0;
            do
            {
                if (_recorder is null)
                    GetAndPut(_cache, handle);
                else
                    SingleCalls.Repeat(new Pair(_cache, handle), Chunk, _recorder);
                pairs += Chunk;
            }
            while (!stop.IsSet);

            return pairs;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void GetAndPut(Slabs.SlabCache cache, Slabs.SlabHandle handle)
        {
            for (var i = 0; i < Chunk; i++)
            {
                if (!cache.TryGet(handle, out var reference))
                    ThrowNotGot();
                reference.Dispose();
            }
        }

        protected override void GiveBack() => _cache.ReturnMany(_handles);

        private readonly struct Pair(Slabs.SlabCache cache, Slabs.SlabHandle handle) : IOperation
        {
            public void Do()
            {
                if (!cache.TryGet(handle, out var reference))
                    ThrowNotGot();
                reference.Dispose();
            }
        }
    }

    private sealed class OnFolios : Play
    {
        private readonly Folios.FolioAllocator _folios;
        private readonly Folios.FolioHandle[] _handles;
        private readonly int _apart;
        private readonly LatencyRecorder? _recorder;

        public OnFolios(PoolRuntime runtime, int count, int apart, LatencyRecorder? recorder)
        {
            _apart = apart;
            _recorder = recorder;
            _folios = runtime.Folios;
            _handles = new Folios.FolioHandle[First + (count * apart)];
            for (var i = 0; i < _handles.Length; i++)
                _handles[i] = _folios.Rent(new Primitives.PageOrder(0));
        }

        public override long Run(int thread, StopSignal stop)
        {
            var handle = _handles[First + (thread * _apart % (_handles.Length - First))];
            long pairs = 0;
            do
            {
                if (_recorder is null)
                    GetAndPut(_folios, handle);
                else
                    SingleCalls.Repeat(new Pair(_folios, handle), Chunk, _recorder);
                pairs += Chunk;
            }
            while (!stop.IsSet);

            return pairs;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void GetAndPut(Folios.FolioAllocator folios, Folios.FolioHandle handle)
        {
            for (var i = 0; i < Chunk; i++)
            {
                if (!folios.TryGet(handle, out var reference))
                    ThrowNotGot();
                reference.Dispose();
            }
        }

        protected override void GiveBack()
        {
            foreach (var handle in _handles)
                _folios.Return(handle);
        }

        private readonly struct Pair(Folios.FolioAllocator folios, Folios.FolioHandle handle) : IOperation
        {
            public void Do()
            {
                if (!folios.TryGet(handle, out var reference))
                    ThrowNotGot();
                reference.Dispose();
            }
        }
    }
}
