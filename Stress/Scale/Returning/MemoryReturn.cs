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
    private readonly Action _stay;
    private readonly CancellationToken _stop;

    /// <param name="fillBytes">Bytes of objects.</param>
    /// <param name="smallestObjectBytes">Bytes of the smallest objects that will be asked for.</param>
    /// <param name="time">The runtimes' clock.</param>
    /// <param name="leaveAlone">Returns when a runtime has had time to itself.</param>
    /// <param name="stay">Returns when memory has stayed as it is for long enough to be seen: before, full, and after a trim.</param>
    /// <param name="stop">Ends a fill early. There are no figures then.</param>
    public MemoryReturn(long fillBytes, int smallestObjectBytes, TimeProvider time, Action leaveAlone, Action stay, CancellationToken stop)
    {
        _fillBytes = fillBytes;
        _time = time;
        _leaveAlone = leaveAlone;
        _stay = stay;
        _stop = stop;
        _handles = new SlabHandle[Math.Max(fillBytes, RehearsalBytes) / smallestObjectBytes];
        Array.Fill(_handles, default);
        Once(smallestObjectBytes, RehearsalBytes, byItself: false);
        Once(smallestObjectBytes, RehearsalBytes, byItself: true);
        Once(smallestObjectBytes, fillBytes, byItself: false);
    }

    /// <summary>Fills, empties, has it go back and measures. Null: it was stopped.</summary>
    public ReturnFigures? Measure(int objectBytes, bool byItself) => Once(objectBytes, _fillBytes, byItself);

    private ReturnFigures? Once(int objectBytes, long fillBytes, bool byItself)
    {
        if (_stop.IsCancellationRequested)
            return null;
        using var course = new ResidentCourse(ReturnPhase.Before);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        _stay();
        var before = course.Enter(ReturnPhase.Filling);
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

        var full = course.Enter(ReturnPhase.Full);
        _stay();
        course.Enter(ReturnPhase.Freeing);
        cache.ReturnMany(handles);
        var after = byItself ? LeftAlone(course) : Trimmed(runtime, course);
        return _stop.IsCancellationRequested ? null : new ReturnFigures(
            byItself,
            objectBytes,
            fillBytes,
            before,
            full,
            after,
            byItself ? MostPercentByItself : MostPercentAfterTrim,
            objectBytes < PageOrder.FrameBytes ? MostPercentBesideSmall : MostPercentBesidePages,
            course.Points);
    }

    private long LeftAlone(ResidentCourse course)
    {
        course.Enter(ReturnPhase.ByItself);
        _leaveAlone();
        return ResidentMemory.Bytes();
    }

    private long Trimmed(PoolRuntime runtime, ResidentCourse course)
    {
        course.Enter(ReturnPhase.Trimming);
        runtime.Trim();
        var after = course.Enter(ReturnPhase.AfterTrim);
        _stay();
        return after;
    }
}
