using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FolioRuntime.Harness;

/// <summary>Writes a result as JSON. The file appears whole or not at all, also when the program is being stopped.</summary>
public static class JsonFile
{
    public static void Write<T>(string path, T value, JsonTypeInfo<T> type) => WholeFile.Write(path, stream =>
    {
        JsonSerializer.Serialize(stream, value, type);
        stream.WriteByte((byte)'\n');
    });
}
