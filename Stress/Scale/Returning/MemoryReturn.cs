using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Scale.Returning;

/// <summary>
/// Fills a runtime with objects, returns all of them, and looks at what stays resident: after a trim, and after the runtime was left to itself. The whole process's
/// memory is looked at, so everything else that takes memory is made before: the handles' array is written once, and code is compiled
/// by rehearsals, a small one of each way and one of everything: the compiler goes on while the loops run, and takes megabytes for it.
/// </summary>
internal sealed class MemoryReturn
{
    /// <summary>What may be left after a trim: the page frames, 64 bytes each, are 1.6 %.</summary>
    public const double MostPercentAfterTrim = 2;

    /// <summary>What may be left when nobody asked for anything.</summary>
    public const double MostPercentByItself = 5;

    /// <summary>What may lie beside objects of less than a page: 8 bytes of word for 64 bytes are 12.5 %.</summary>
    public const double MostPercentBesideSmall = 15;

    /// <summary>What may lie beside objects of a page or more.</summary>
    public const double MostPercentBesidePages = 2;

    private const long RehearsalBytes = 8 << 20;

    private readonly SlabHandle[] _handles;
    private readonly long _fillBytes;
    private readonly TimeProvider _time;
    private readonly Action _leaveAlone;
    private readonly CancellationToken _stop;

    /// <param name="fillBytes">Bytes of objects.</param>
    /// <param name="smallestObjectBytes">Bytes of the smallest objects that will be asked for.</param>
    /// <param name="time">The runtimes' clock.</param>
    /// <param name="leaveAlone">Returns when a runtime has had time to itself.</param>
    /// <param name="stop">Ends a fill early. Its figures mean nothing then.</param>
    public MemoryReturn(long fillBytes, int smallestObjectBytes, TimeProvider time, Action leaveAlone, CancellationToken stop)
    {
        _fillBytes = fillBytes;
        _time = time;
        _leaveAlone = leaveAlone;
        _stop = stop;
        _handles = new SlabHandle[Math.Max(fillBytes, RehearsalBytes) / smallestObjectBytes];
        Array.Fill(_handles, default);
        Once(smallestObjectBytes, RehearsalBytes, byItself: false);
        Once(smallestObjectBytes, RehearsalBytes, byItself: true);
        Once(smallestObjectBytes, fillBytes, byItself: false);
    }

    /// <summary>Fills, empties, has it go back and measures.</summary>
    public ReturnFigures Measure(int objectBytes, bool byItself) => Once(objectBytes, _fillBytes, byItself);

    private ReturnFigures Once(int objectBytes, long fillBytes, bool byItself)
    {
        if (_stop.IsCancellationRequested)
            return default;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var before = ResidentMemory.Bytes();
        using var runtime = new PoolRuntime(new PoolRuntimeOptions
        {
            CapacityBytes = fillBytes + (fillBytes / 8),
            TrimInterval = byItself ? new PoolRuntimeOptions().TrimInterval : Timeout.InfiniteTimeSpan,
            TimeProvider = _time,
        });
        var cache = runtime.CreateByteCache("filled", objectBytes);
        var handles = _handles.AsSpan(0, (int)(fillBytes / objectBytes));
        if (cache.TryRentMany(handles) != handles.Length)
            throw new InvalidOperationException($"There is no room for {fillBytes} bytes in objects of {objectBytes}.");
        foreach (var handle in handles)
        {
            if (_stop.IsCancellationRequested)
                break;
            cache.BytesOf(handle).Fill(1);
        }

        var full = ResidentMemory.Bytes();
        cache.ReturnMany(handles);
        if (byItself)
            _leaveAlone();
        else
            runtime.Trim();
        return new ReturnFigures(
            byItself ? "by itself" : "trim",
            objectBytes,
            fillBytes,
            before,
            full,
            ResidentMemory.Bytes(),
            byItself ? MostPercentByItself : MostPercentAfterTrim,
            objectBytes < PageOrder.FrameBytes ? MostPercentBesideSmall : MostPercentBesidePages);
    }
}
