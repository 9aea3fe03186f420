using System.Text.Json.Serialization;

namespace FolioRuntime.Race.Traces;

/// <summary>The kinds of steps in a trace.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TraceOperation>))]
internal enum TraceOperation
{
    Load,
    Store,
    Add,
    CompareExchange,

    /// <summary>Not an access: a destructor ran.</summary>
    Destroy,
}
