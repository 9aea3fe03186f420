using System.Text.Json.Serialization;

namespace FolioRuntime.Serve.Servers;

/// <summary>What goes between server and parent, or to the page: one line each.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ServerAddress))]
[JsonSerializable(typeof(ServerStatus))]
[JsonSerializable(typeof(PoolView))]
[JsonSerializable(typeof(JsonAnswer))]
internal sealed partial class ServerJson : JsonSerializerContext;
