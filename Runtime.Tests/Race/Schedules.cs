using FolioRuntime.Race.Traces;

namespace FolioRuntime.Tests.Race;

/// <summary>Schedules written by hand: "1a" is an add of call 1, "c" a compare-exchange, "s" a store, "l" a load.</summary>
internal static class Schedules
{
    public static Trace Of(IReadOnlyList<TraceCall> calls, string steps) => new(
        "by hand",
        "by hand",
        0,
        0,
        calls,
        [.. steps.Split(' ').Select(step => new TraceStep(step[0] - '0', step[1] switch
        {
            'a' => TraceOperation.Add,
            'c' => TraceOperation.CompareExchange,
            's' => TraceOperation.Store,
            _ => TraceOperation.Load,
        }))]);
}
