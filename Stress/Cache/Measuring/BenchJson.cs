using System.Text.Json.Serialization;

namespace FolioRuntime.Caching.Measuring;

/// <summary>Source-generated serialisation of the report.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchJson : JsonSerializerContext;
