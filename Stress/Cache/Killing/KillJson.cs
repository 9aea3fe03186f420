using System.Text.Json.Serialization;

namespace FolioRuntime.Caching.Killing;

/// <summary>Source-generated serialisation of the report.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(KillReport))]
internal sealed partial class KillJson : JsonSerializerContext;
