using System.Runtime.CompilerServices;
using FolioRuntime.Scale.Measurements;
using FolioRuntime.Scale.Peers;

namespace FolioRuntime.Scale.Plays;

/// <summary>Gets a reference to what is held anyway, and puts it: each thread on an object of its own, or all on one.</summary>
internal sealed class TryGetPut(string name, bool shared) : Workload(
    name, shared ? "all threads get and put references to one object" : "gets and puts a reference to an object of the thread's own", "pair")
{
    private const int Chunk = 1000;

    // Neighbours' lifetime words share a cache line, and what is measured here must not.
    private const int Apart = 32;

    public override IReadOnlyList<string> Peers => ["folio-shared", "folio-page"];

    public override Sample Begin(string peer, int threads, LatencyRecorder? recorder)
    {
        var runtime = PeerCatalog.CreateRuntime();
        var objects = shared ? 1 : threads;
        Play play = peer == "folio-page" ? new OnFolios(runtime, objects) : new OnSlots(runtime, objects);
        return new Sample(() => play, () => runtime.Trim(), runtime);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowNotGot() => throw new InvalidOperationException("What is rented can be got.");

    private sealed class OnSlots : Play
    {
        private readonly Slabs.SlabCache _cache;
        private readonly Slabs.SlabHandle[] _handles;

        public OnSlots(PoolRuntime runtime, int count)
        {
            _cache = runtime.CreateByteCache("objects", 64);
            _handles = new Slabs.SlabHandle[count * Apart];
            for (var i = 0; i < _handles.Length; i++)
                _handles[i] = _cache.Rent();
        }

        public override long Run(int thread, StopSignal stop)
        {
            var handle = _handles[thread * Apart % _handles.Length];
            long pairs = 0;
            do
            {
                GetAndPut(_cache, handle);
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
    }

    private sealed class OnFolios : Play
    {
        private readonly Folios.FolioAllocator _folios;
        private readonly Folios.FolioHandle[] _handles;

        public OnFolios(PoolRuntime runtime, int count)
        {
            _folios = runtime.Folios;
            _handles = new Folios.FolioHandle[count * Apart];
            for (var i = 0; i < _handles.Length; i++)
                _handles[i] = _folios.Rent(new Primitives.PageOrder(0));
        }

        public override long Run(int thread, StopSignal stop)
        {
            var handle = _handles[thread * Apart % _handles.Length];
            long pairs = 0;
            do
            {
                GetAndPut(_folios, handle);
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
    }
}
