namespace FolioRuntime.Race.Traces;

/// <summary>One call of one thread into the protocol.</summary>
/// <param name="Thread">Which thread; threads are numbered in the order in which they appear.</param>
/// <param name="Kind">What it called.</param>
/// <param name="Type">The type it allocates, or believes the object to be.</param>
/// <param name="Object">The allocation it is about.</param>
/// <param name="Ended">Whether it had returned when the trace ends. If not, it goes on after the last step.</param>
internal sealed record TraceCall(int Thread, TraceCallKind Kind, int Type, long Object, bool Ended = true);
