using System.Text.Json.Serialization;

namespace FolioRuntime.Serve.Results;

/// <summary>Generated serialisers, as the other programs have.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ServeReport))]
internal sealed partial class ServeJson : JsonSerializerContext;
