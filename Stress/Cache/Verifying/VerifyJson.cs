using System.Text.Json.Serialization;

namespace FolioRuntime.Caching.Verifying;

/// <summary>Source-generated serialisation of the report.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(VerifyReport))]
internal sealed partial class VerifyJson : JsonSerializerContext;
