using System.Diagnostics.Tracing;

namespace FolioRuntime.Diagnostics;

/// <summary>
/// The events that runtimes write, for an <see cref="EventListener"/>, <c>dotnet-trace</c> and whatever else takes an event source: its name, and the keywords to choose by. Each event is described in
/// docs/METRICS.md. Where nobody listens nothing is written, and the way of a rent or return that needs no slab knows nothing of events at all.
/// </summary>
public static class RuntimeEvents
{
    /// <summary>The name to listen to.</summary>
    public const string SourceName = "FolioRuntime";

    /// <summary>Misuse and damage, as <see cref="PoolRuntime.ViolationDetected"/> tells them; leaks are not among them.</summary>
    public const EventKeywords Violations = (EventKeywords)0x1;

    /// <summary>Leaks, where they are looked for.</summary>
    public const EventKeywords Leaks = (EventKeywords)0x2;

    /// <summary>Rents that are remembered, and returns where these are kept too.</summary>
    public const EventKeywords Rents = (EventKeywords)0x4;

    /// <summary>Threads that take free objects from others or from slabs, or give them up.</summary>
    public const EventKeywords Exchanges = (EventKeywords)0x8;

    /// <summary>Slabs that are made, and slots that have spent their generations.</summary>
    public const EventKeywords Slabs = (EventKeywords)0x10;
}
