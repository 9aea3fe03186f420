using System.Buffers;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using FolioRuntime.Slabs;
using Microsoft.Extensions.ObjectPool;

namespace FolioRuntime.Benchmarks;

/// <summary>Rents 64 bytes and returns them, one at a time and 32 at a time.</summary>
[DisassemblyDiagnoser(maxDepth: 1)]
public unsafe class RentReturnBenchmarks : IDisposable
{
    private const int SizeBytes = 64;
    private const int Many = 32;

    private readonly PoolRuntime _runtime = new();
    private readonly SlabCache _exclusive;
    private readonly SlabCache _shared;
    private readonly ObjectPool<byte[]> _objectPool = new DefaultObjectPool<byte[]>(new ArrayPolicy());
    private readonly SlabHandle[] _handles = new SlabHandle[Many];
    private readonly byte[][] _arrays = new byte[Many][];

    public RentReturnBenchmarks()
    {
        _exclusive = _runtime.CreateByteCache("exclusive", SizeBytes, new SlabCacheOptions { Discipline = SlabDiscipline.Exclusive });
        _shared = _runtime.CreateByteCache("shared", SizeBytes, new SlabCacheOptions { Discipline = SlabDiscipline.Shared });
    }

    [Benchmark]
    public void Exclusive() => _exclusive.Return(_exclusive.Rent());

    [Benchmark]
    public void Shared() => _shared.Return(_shared.Rent());

    [Benchmark(Baseline = true)]
    public void ArrayPoolShared() => ArrayPool<byte>.Shared.Return(ArrayPool<byte>.Shared.Rent(SizeBytes));

    [Benchmark]
    public void DefaultObjectPool() => _objectPool.Return(_objectPool.Get());

    [Benchmark]
    public void Native() => NativeMemory.Free(NativeMemory.Alloc(SizeBytes));

    [Benchmark(OperationsPerInvoke = Many)]
    public void ExclusiveMany()
    {
        _exclusive.TryRentMany(_handles);
        _exclusive.ReturnMany(_handles);
    }

    [Benchmark(OperationsPerInvoke = Many)]
    public void SharedMany()
    {
        _shared.TryRentMany(_handles);
        _shared.ReturnMany(_handles);
    }

    [Benchmark(OperationsPerInvoke = Many)]
    public void ArrayPoolSharedMany()
    {
        foreach (ref var array in _arrays.AsSpan())
            array = ArrayPool<byte>.Shared.Rent(SizeBytes);
        foreach (var array in _arrays)
            ArrayPool<byte>.Shared.Return(array);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _runtime.Dispose();
        GC.SuppressFinalize(this);
    }

    private sealed class ArrayPolicy : PooledObjectPolicy<byte[]>
    {
        public override byte[] Create() => new byte[SizeBytes];

        public override bool Return(byte[] obj) => true;
    }
}
