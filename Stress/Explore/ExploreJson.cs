using System.Text.Json.Serialization;

namespace FolioRuntime.Exploration;

/// <summary>Source-generated serialisation of the report.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ExploreReport))]
internal sealed partial class ExploreJson : JsonSerializerContext;
