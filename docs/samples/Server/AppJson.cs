using System.Text.Json.Serialization;

namespace Sample;

/// <summary>What the server writes as JSON, known when it is compiled: Native AOT has no reflection to find it out.</summary>
[JsonSerializable(typeof(ulong))]
internal sealed partial class AppJson : JsonSerializerContext;
