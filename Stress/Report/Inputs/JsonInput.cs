using System.Text.Json;

namespace FolioRuntime.Report.Inputs;

/// <summary>Reads a JSON file; whatever goes wrong becomes an exception that names the file and the reason.</summary>
internal static class JsonInput
{
    /// <exception cref="InvalidFileException">It can't be read, isn't JSON, or <paramref name="read"/> finds it broken.</exception>
    public static T Read<T>(string path, int schema, Func<JsonElement, T> read)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var document = JsonDocument.Parse(stream);
            return read(document.RootElement);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidFileException(path, "there is no such file");
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(path, Directory.Exists(path) ? "it is a folder" : $"it can't be read ({refusal.Message.TrimEnd('.')})");
        }
        catch (JsonException error) when (error.Path is { } place)
        {
            throw new InvalidFileException(path, $"schema {schema} is broken at {place} ({FirstSentence(error.Message)})");
        }
        catch (JsonException error)
        {
            throw new InvalidFileException(path, $"it isn't JSON ({FirstSentence(error.Message)}, line {error.LineNumber + 1})");
        }
    }

    /// <summary>Why a file isn't one of a tool's in a schema; null: it is.</summary>
    public static string? ProblemOfHead(JsonElement root, string toolName, int schema)
    {
        if (ToolOf(root) is not { } tool)
            return $"it is JSON, but not a result of {toolName}: it names no tool";
        if (tool.ValueKind != JsonValueKind.String || tool.GetString() != toolName)
            return $"it isn't a result of {toolName}, but of {tool}";
        if (!root.TryGetProperty("schema", out var named))
            return "it names no schema";
        return named.ValueKind == JsonValueKind.Number && named.TryGetInt32(out var number) && number == schema
            ? null
            : $"it has schema {named}; this program reads schema {schema}";
    }

    /// <summary>Whether a file says that it is of a tool.</summary>
    public static bool IsOf(JsonElement root, string toolName) => ToolOf(root) is { ValueKind: JsonValueKind.String } tool && tool.GetString() == toolName;

    private static JsonElement? ToolOf(JsonElement root) => root.ValueKind == JsonValueKind.Object && root.TryGetProperty("tool", out var tool) ? tool : null;

    private static string FirstSentence(string message) => message.Split(". ")[0].TrimEnd('.');
}
