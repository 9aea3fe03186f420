using System.Text.Json.Serialization;

namespace FolioRuntime.Harness.Caching;

/// <summary>Source-generated serialisation of the report. What must be there, and isn't, is refused on reading.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TraceReport))]
public sealed partial class TraceJson : JsonSerializerContext;
