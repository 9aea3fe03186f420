using System.Text.Json.Serialization;

namespace FolioRuntime.Race.Traces;

/// <summary>The calls into a protocol that a trace knows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TraceCallKind>))]
internal enum TraceCallKind
{
    Allocate,
    Rent,
    Peek,
    Get,
    Put,
    Return,
}
