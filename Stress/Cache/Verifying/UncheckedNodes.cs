using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FolioRuntime.Folios;
using FolioRuntime.Harness;
using FolioRuntime.PageCaching;
using FolioRuntime.Primitives;

namespace FolioRuntime.Caching.Verifying;

/// <summary>
/// CONTROL: pages of two types that are found by the frame they were in, as the kernel finds a folio. Whoever lives there by the time there is a reference is taken for the page; what type it is of, and whether the index still leads
/// to it, has to be looked at afterwards, and is not.
/// <code>
///   find: key ─► frame     get: frame ─► reference on whatever lives there     recheck: of this type, and still in its index?
/// </code>
/// </summary>
internal sealed class UncheckedNodes : IDisposable
{
    public const string Name = "page-without-type";

    private const int Kinds = 2;
    private const int Pages = 3;
    private const int Keys = 8;

    private readonly PoolRuntime _runtime = new(new PoolRuntimeOptions { CapacityBytes = 64 * PageOrder.FrameBytes, ReservationBytes = 128 * PageOrder.FrameBytes, MaxOrder = 3, ThreadPageCapacity = 2 });
    private readonly PageType[] _types;

    // Who was last seen in a frame, of whatever type.
    private readonly ConcurrentDictionary<nint, FolioHandle> _tenants = new();
    private readonly bool _isRight;

    private UncheckedNodes(bool isRight)
    {
        _isRight = isRight;
        var cache = _runtime.CreatePageCache(new PageCacheOptions { CapacityPages = Pages });
        _types = [.. Enumerable.Range(0, Kinds).Select(kind => cache.AddType(new PageTypeOptions { Name = $"kind-{kind}", Construct = (_, content) => content.Fill((byte)(kind + 1)) }))];
    }

    /// <summary>Two threads want pages of both types, of which the cache holds a few.</summary>
    /// <param name="isRight">With the recheck.</param>
    /// <param name="duration">At most; with a page of the wrong type it is over.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>Pages of the wrong type.</returns>
    public static int Run(bool isRight, TimeSpan duration, CancellationToken stop)
    {
        using var nodes = new UncheckedNodes(isRight);
        var (wrong, start) = (0, Stopwatch.GetTimestamp());
        ThreadTeam.Run(
            2,
            thread =>
            {
                var random = new XorShift(1, thread);
                while (Volatile.Read(ref wrong) == 0 && !stop.IsCancellationRequested && Stopwatch.GetElapsedTime(start) < duration)
                    Interlocked.Add(ref wrong, nodes.LookUp(ref random));
            },
            _ => Interlocked.Increment(ref wrong));
        return wrong;
    }

    public void Dispose() => _runtime.Dispose();

    private int LookUp(ref XorShift random)
    {
        var kind = random.Below(Kinds);
        try
        {
            var frame = Find(kind, random.Below(Keys));
            for (var others = random.Below(2 * Pages); others > 0; others--)
                Find(random.Below(Kinds), random.Below(Keys));
            var handle = _tenants[frame];
            if (!(_isRight ? _types[kind].TryGet(handle, out var page) : _runtime.Folios.TryGet(handle, out page)))
                return 0;
            var isOwn = page.Bytes[0] == kind + 1;
            page.Dispose();
            return isOwn ? 0 : 1;
        }
        catch (OutOfMemoryException)
        {
            // The other thread holds a page, and gives up another.
            return 0;
        }
    }

    private nint Find(int kind, int key)
    {
        using var page = _types[kind].GetOrAdd(key);
        var frame = AddressOf(page.Bytes);
        _tenants[frame] = page.Handle;
        return frame;
    }

    // SAFETY: compared and looked up, never followed; native memory doesn't move.
    private static unsafe nint AddressOf(Span<byte> bytes) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
}
