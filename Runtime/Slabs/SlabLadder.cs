using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <summary>
/// The layouts that a cache cuts its slabs by, which differ in size only. A cache begins with the smallest; one that has grown takes larger slabs, so that what each of them has
/// in the tables, a page of every table at least, is shared by more objects, and slabs change hands less often. A slab is never more than a small part of what its cache has. Linux: the two orders of a
/// <c>kmem_cache</c>, <c>oo</c> and <c>min</c>.
/// <code>
///   cache, KiB        0 … 1023     1024 …     2048 …     4096 …     8192 …     16384 …    32768 …
///   its next slab     64           128        256        512        1024       2048       4096          with objects of at most 8 KiB, and one owner at most
/// </code>
/// Pure arithmetic.
/// </summary>
internal sealed class SlabLadder
{
    /// <summary>A slab is at most this part of what its cache has; where threads own slabs, of a thread's share in that.</summary>
    public const int Share = 8;

    /// <summary>4 MiB: there the tables have what a slab of any size can save.</summary>
    private const int LargestOrder = 10;

    /// <summary>Of larger objects even a small slab has little in the tables.</summary>
    private const int LargestStrideBytes = 8192;

    private readonly SlabLayout[] _layouts;

    private SlabLadder(SlabLayout[] layouts) => _layouts = layouts;

    /// <summary>The first one, and what remains when memory is scattered.</summary>
    public SlabLayout Smallest => _layouts[0];

    /// <summary>Whether there is one only.</summary>
    public bool IsSingle => _layouts.Length == 1;

    /// <param name="smallest">The first layout.</param>
    /// <param name="maxOrder">The page allocator's largest order.</param>
    public static SlabLadder From(SlabLayout smallest, int maxOrder)
    {
        if (smallest.StrideBytes > LargestStrideBytes)
            return Of(smallest);
        var layouts = new List<SlabLayout> { smallest };
        for (var order = PageOrder.ForBytes(smallest.SlabBytes).Value + 1; order <= Math.Min(LargestOrder, maxOrder); order++)
            layouts.Add(smallest.Enlarged(order));
        return new SlabLadder([.. layouts]);
    }

    /// <summary>Only one, whatever the cache has.</summary>
    public static SlabLadder Of(SlabLayout layout) => new([layout]);

    /// <summary>The layout of the next slab.</summary>
    /// <param name="cacheFrames">Frames in the cache's slabs.</param>
    /// <param name="owners">Threads that own slabs of it.</param>
    public SlabLayout Next(long cacheFrames, int owners)
    {
        var allowedFrames = cacheFrames / ((long)Share * Math.Max(1, owners));
        var step = _layouts.Length - 1;
        while (step > 0 && _layouts[step].FrameCount > allowedFrames)
            step--;
        return _layouts[step];
    }

    /// <summary>The next smaller one; null below the smallest.</summary>
    public SlabLayout? Below(SlabLayout layout)
    {
        var step = Array.IndexOf(_layouts, layout);
        return step > 0 ? _layouts[step - 1] : null;
    }

    /// <summary>The layout of a slab of so many frames; null: no slab of this cache has so many.</summary>
    public SlabLayout? Of(int frameCount) => Array.Find(_layouts, layout => layout.FrameCount == frameCount);
}
