using System.Text.Json.Serialization;

namespace FolioRuntime.Harness.Scaling;

/// <summary>Source-generated serialisation of the report. What must be there, and isn't, is refused on reading.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ScaleReport))]
public sealed partial class ScaleJson : JsonSerializerContext;
