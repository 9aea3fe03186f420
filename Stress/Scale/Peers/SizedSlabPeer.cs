using System.Numerics;
using FolioRuntime.Slabs;

namespace FolioRuntime.Scale.Peers;

/// <summary>
/// A cache of this runtime for each class of sizes, as in a general allocator: four classes between a power of two and the next, from 16 bytes.
/// </summary>
internal readonly struct SizedSlabPeer : IPeer<SlabHandle>
{
    private const int SmallestShift = 4;
    private const int Quarters = 4;

    private readonly SlabCache[] _caches;

    public SizedSlabPeer(PoolRuntime runtime, int largestBytes, SlabCacheOptions options)
    {
        _caches = new SlabCache[ClassOf(largestBytes) + 1];
        for (var i = 0; i < _caches.Length; i++)
            _caches[i] = runtime.CreateByteCache($"size-{SizeOf(i)}", SizeOf(i), options);
    }

    public SlabHandle Rent(int sizeBytes) => _caches[ClassOf(sizeBytes)].Rent();

    public Span<byte> RentBytes(int sizeBytes, out SlabHandle item)
    {
        item = _caches[ClassOf(sizeBytes)].Rent(out var bytes);
        return bytes;
    }

    public void Return(SlabHandle item, int sizeBytes) => _caches[ClassOf(sizeBytes)].Return(item);

    public Span<byte> BytesOf(SlabHandle item, int sizeBytes) => _caches[ClassOf(sizeBytes)].BytesOf(item);

    /// <summary>The smallest class that holds so many bytes.</summary>
    internal static int ClassOf(int sizeBytes)
    {
        if (sizeBytes <= 1 << SmallestShift)
            return 0;
        var last = (uint)(sizeBytes - 1);
        var power = BitOperations.Log2(last);
        return ((power - SmallestShift) * Quarters) + (int)((last >> (power - 2)) & (Quarters - 1)) + 1;
    }

    /// <summary>Bytes of a class.</summary>
    internal static int SizeOf(int sizeClass)
    {
        var power = SmallestShift + (sizeClass / Quarters);
        return (1 << power) + (sizeClass % Quarters * (1 << (power - 2)));
    }
}
