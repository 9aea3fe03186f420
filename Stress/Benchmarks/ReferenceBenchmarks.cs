using BenchmarkDotNet.Attributes;
using FolioRuntime.Folios;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Benchmarks;

/// <summary>Gets and puts references, reads without one, and rents folios, beside the raw atomics that they can't do without.</summary>
[DisassemblyDiagnoser(maxDepth: 1)]
public class ReferenceBenchmarks : IDisposable
{
    private const int ReadBytes = 64;

    private static readonly PageOrder s_single = new(0);

    private readonly PoolRuntime _runtime = new(new PoolRuntimeOptions { ZeroFolios = false });
    private readonly SlabCache _shared;
    private readonly SlabHandle _object;
    private readonly FolioHandle _folio;
    private readonly byte[] _copy = new byte[ReadBytes];
    private long _word;

    public ReferenceBenchmarks()
    {
        _shared = _runtime.CreateByteCache("shared", ReadBytes);
        _object = _shared.Rent();
        _folio = _runtime.Folios.Rent(s_single);
    }

    [Benchmark(Baseline = true)]
    public long TwoAtomicAdds() => Interlocked.Add(ref _word, 1) + Interlocked.Add(ref _word, -1);

    [Benchmark]
    public void SlabGetPut()
    {
        if (_shared.TryGet(_object, out var reference))
            reference.Dispose();
    }

    [Benchmark]
    public void FolioGetPut()
    {
        if (_runtime.Folios.TryGet(_folio, out var reference))
            reference.Dispose();
    }

    [Benchmark]
    public bool OptimisticRead() => _runtime.Folios.TryRead(_folio, 0, _copy);

    [Benchmark]
    public void FolioRentReturn() => _runtime.Folios.Return(_runtime.Folios.Rent(s_single));

    [GlobalCleanup]
    public void Dispose()
    {
        _runtime.Dispose();
        GC.SuppressFinalize(this);
    }
}
