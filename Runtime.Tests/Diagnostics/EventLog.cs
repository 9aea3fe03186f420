using System.Diagnostics.Tracing;
using FolioRuntime.Diagnostics;

namespace FolioRuntime.Tests.Diagnostics;

/// <summary>Listens to the runtimes' events of some keywords, and keeps those of one runtime.</summary>
internal sealed class EventLog : EventListener
{
    private readonly string _runtime;
    private readonly List<EventWrittenEventArgs> _events = [];

    public EventLog(string runtime, EventKeywords keywords, EventLevel level = EventLevel.Verbose)
    {
        _runtime = runtime;
        EnableEvents(RuntimeEventSource.Log, level, keywords);
    }

    /// <summary>Called for each event, on its thread.</summary>
    public Action<EventWrittenEventArgs> Reaction { get; set; } = _ => { };

    public IReadOnlyList<EventWrittenEventArgs> Events
    {
        get
        {
            lock (_events)
                return [.. _events];
        }
    }

    public IReadOnlyList<EventWrittenEventArgs> Named(string name) => [.. Events.Where(written => written.EventName == name)];

    public static object? Value(EventWrittenEventArgs written, string name) => written.Payload![written.PayloadNames!.IndexOf(name)];

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (!ReferenceEquals(eventData.EventSource, RuntimeEventSource.Log) || !_runtime.Equals(eventData.Payload?.FirstOrDefault()))
            return;
        lock (_events)
            _events.Add(eventData);
        Reaction(eventData);
    }
}
