using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FolioRuntime.Harness;

/// <summary>Writes a result as JSON. The file appears whole or not at all, also when the program is being stopped.</summary>
public static class JsonFile
{
    public static void Write<T>(string path, T value, JsonTypeInfo<T> type)
    {
        var whole = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
        var partial = whole + ".partial";
        using (var stream = File.Create(partial))
        {
            JsonSerializer.Serialize(stream, value, type);
            stream.WriteByte((byte)'\n');
        }

        File.Move(partial, whole, overwrite: true);
    }
}
