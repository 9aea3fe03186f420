using System.Diagnostics.Tracing;

namespace FolioRuntime.Diagnostics;

/// <summary>
/// The event source of all runtimes of the process, named <see cref="RuntimeEvents.SourceName"/>. What it tells, and why of rents and returns only some, is in docs/METRICS.md. Each method looks at
/// its keyword first. Thread-safe; an event is written on the thread that met what it tells.
/// </summary>
internal sealed class RuntimeEventSource : EventSource
{
    public static readonly RuntimeEventSource Log = new();

    // By the name of the assembly, so that the instrumented build's is another: of two sources with one name the second is mute.
    private RuntimeEventSource()
        : base(typeof(RuntimeEventSource).Assembly.GetName().Name!, EventSourceSettings.EtwManifestEventFormat)
    {
    }

    public bool WantsViolations => IsEnabled(EventLevel.Error, Keywords.Violations);

    public bool WantsLeaks => IsEnabled(EventLevel.Warning, Keywords.Leaks);

    [Event(1, Level = EventLevel.Error, Keywords = Keywords.Violations, Message = "{6}")]
    public void Violation(string runtime, string cache, string type, string kind, uint slot, uint generation, string text)
    {
        if (WantsViolations)
            WriteEvent(1, (EventSourcePrimitive)runtime, cache, type, kind, slot, generation, text);
    }

    [Event(2, Level = EventLevel.Warning, Keywords = Keywords.Leaks, Message = "{1} ({2}), slot {4}: {6}, out for {7} ms, rented\n{8}")]
    public void Leak(string runtime, string cache, string type, string tag, uint slot, uint generation, string reason, long ageMilliseconds, string rentedBy)
    {
        if (WantsLeaks)
            WriteEvent(2, (EventSourcePrimitive)runtime, cache, type, tag, slot, generation, reason, ageMilliseconds, rentedBy);
    }

    [Event(3, Level = EventLevel.Verbose, Keywords = Keywords.Rents)]
    public void Rented(string runtime, string cache, uint slot, uint generation)
    {
        if (IsEnabled(EventLevel.Verbose, Keywords.Rents))
            WriteEvent(3, (EventSourcePrimitive)runtime, cache, slot, generation);
    }

    [Event(4, Level = EventLevel.Verbose, Keywords = Keywords.Rents)]
    public void Returned(string runtime, string cache, uint slot, uint generation)
    {
        if (IsEnabled(EventLevel.Verbose, Keywords.Rents))
            WriteEvent(4, (EventSourcePrimitive)runtime, cache, slot, generation);
    }

    [Event(5, Level = EventLevel.Verbose, Keywords = Keywords.Exchanges)]
    public void Refilled(string runtime, string cache, int objects, bool fromDepot)
    {
        if (IsEnabled(EventLevel.Verbose, Keywords.Exchanges))
            WriteEvent(5, (EventSourcePrimitive)runtime, cache, objects, fromDepot);
    }

    [Event(6, Level = EventLevel.Verbose, Keywords = Keywords.Exchanges)]
    public void Flushed(string runtime, string cache, int objects, bool toDepot)
    {
        if (IsEnabled(EventLevel.Verbose, Keywords.Exchanges))
            WriteEvent(6, (EventSourcePrimitive)runtime, cache, objects, toDepot);
    }

    [Event(7, Level = EventLevel.Informational, Keywords = Keywords.Slabs)]
    public void SlabCreated(string runtime, string cache, long bytes)
    {
        if (IsEnabled(EventLevel.Informational, Keywords.Slabs))
            WriteEvent(7, (EventSourcePrimitive)runtime, cache, bytes);
    }

    [Event(8, Level = EventLevel.Informational, Keywords = Keywords.Slabs)]
    public void SlotRetired(string runtime, string cache, uint slot)
    {
        if (IsEnabled(EventLevel.Informational, Keywords.Slabs))
            WriteEvent(8, (EventSourcePrimitive)runtime, cache, slot);
    }

    /// <summary>What a listener can choose by.</summary>
    public static class Keywords
    {
        public const EventKeywords Violations = RuntimeEvents.Violations;
        public const EventKeywords Leaks = RuntimeEvents.Leaks;
        public const EventKeywords Rents = RuntimeEvents.Rents;
        public const EventKeywords Exchanges = RuntimeEvents.Exchanges;
        public const EventKeywords Slabs = RuntimeEvents.Slabs;
    }
}
