using FolioRuntime.Lifetimes;

namespace FolioRuntime.Diagnostics;

/// <summary>Tells <see cref="RuntimeEventSource"/> what happens in one runtime, by its name. Thread-safe.</summary>
internal sealed class RuntimeTrace(string runtime) : ITrace
{
    private static RuntimeEventSource Log => RuntimeEventSource.Log;

    public void Rented(string subject, uint index, uint generation) => Log.Rented(runtime, subject, index, generation);

    public void Returned(string subject, uint index, uint generation) => Log.Returned(runtime, subject, index, generation);

    public void Refilled(string subject, int objects, bool fromDepot) => Log.Refilled(runtime, subject, objects, fromDepot);

    public void Flushed(string subject, int objects, bool toDepot) => Log.Flushed(runtime, subject, objects, toDepot);

    public void SlabCreated(string subject, long bytes) => Log.SlabCreated(runtime, subject, bytes);

    public void SlotRetired(string subject, uint index) => Log.SlotRetired(runtime, subject, index);

    public void Found(Violation violation)
    {
        // The texts are made for a listener only.
        if (violation.Leak is { } leak)
        {
            if (Log.WantsLeaks)
                Log.Leak(runtime, leak.Subject, leak.TypeName, leak.Tag, leak.Index, leak.Generation, leak.Reason.ToString(), (long)leak.Age.TotalMilliseconds, leak.RentedBy.Stack);
        }
        else if (Log.WantsViolations)
        {
            Log.Violation(runtime, violation.Subject, violation.TypeName, violation.Kind.ToString(), violation.Index, violation.Generation, violation.ToString());
        }
    }
}
