using System.Diagnostics;
using System.Runtime.CompilerServices;
using FolioRuntime.Scale.Plays;

namespace FolioRuntime.Scale.Measurements;

/// <summary>Times the operations of workloads that rent nothing, one by one, in a loop of its own: the loops that throughput is taken from stay as they are.</summary>
internal static class SingleCalls
{
    /// <summary>Does it so many times. What a look at the clock costs is in every time. Compiled as what is hot is before its first time: that counts too.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Repeat<TOperation>(TOperation operation, int count, LatencyRecorder recorder)
        where TOperation : struct, IOperation, allows ref struct
    {
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            operation.Do();
            recorder.Record(Stopwatch.GetTimestamp() - start);
        }
    }
}
