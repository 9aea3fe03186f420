using System.Text.Json.Serialization;

namespace FolioRuntime.Race.Results;

/// <summary>Generated serialisers: native AOT has no others.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(RaceReport))]
internal sealed partial class RaceJson : JsonSerializerContext;
