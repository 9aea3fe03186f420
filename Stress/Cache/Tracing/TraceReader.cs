using System.Globalization;
using System.IO.Compression;

namespace FolioRuntime.Caching.Tracing;

/// <summary>
/// Reads traces: one block number a line, as the LIRS paper's are, or CSV as libCacheSim's samples, whose first line names the columns. Of CSV every line is one access to the object
/// in the first column that is called lbn, obj_id, obj, key or id; sizes are ignored. Either may be compressed by gzip.
/// </summary>
internal static class TraceReader
{
    private static readonly string[] s_objectColumns = ["lbn", "obj_id", "obj", "key", "id"];

    /// <exception cref="InvalidTraceException">It isn't there, can't be read, or isn't a trace.</exception>
    public static Trace Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var reader = new StreamReader(IsCompressed(file) ? new GZipStream(file, CompressionMode.Decompress) : file);
            var trace = Trace.Of(NameOf(path), Keys(path, reader));
            return trace.Footprint > 0 ? trace : throw new InvalidTraceException(path, "there is no access in it");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidTraceException(path, "there is no such file");
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InvalidTraceException(path, Directory.Exists(path) ? "it is a folder" : $"it can't be read ({refusal.Message.TrimEnd('.')})");
        }
    }

    // By its first two bytes: the name may say anything.
    private static bool IsCompressed(FileStream file)
    {
        var isCompressed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return isCompressed;
    }

    private static string NameOf(string path)
    {
        var name = Path.GetFileName(path);
        foreach (var ending in (string[])[".gz", ".trace", ".csv", ".trc"])
            name = name.EndsWith(ending, StringComparison.OrdinalIgnoreCase) && name.Length > ending.Length ? name[..^ending.Length] : name;
        return name;
    }

    private static IEnumerable<long> Keys(string path, StreamReader reader)
    {
        int? column = null;
        var number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            var text = line.AsSpan().Trim();
            if (text.IsEmpty || text[0] == '#')
                continue;
            if (column is null && text.Contains(','))
            {
                column = ColumnOf(path, line);
                continue;
            }

            column ??= 0;
            yield return Key(path, number, text, column.Value);
        }
    }

    private static int ColumnOf(string path, string head)
    {
        var columns = head.Split(',', StringSplitOptions.TrimEntries);
        var found = s_objectColumns.Select(name => Array.FindIndex(columns, column => column.Equals(name, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(index => index >= 0, -1);
        return found >= 0 ? found : throw new InvalidTraceException(path, $"its first line names none of the columns {string.Join(", ", s_objectColumns)}");
    }

    private static long Key(string path, int number, ReadOnlySpan<char> line, int column)
    {
        for (; column > 0 && line.Contains(','); column--)
            line = line[(line.IndexOf(',') + 1)..];
        var end = line.IndexOf(',');
        return column == 0 && long.TryParse(end < 0 ? line : line[..end], NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var key)
            ? key
            : throw new InvalidTraceException(path, $"line {number} has no block number where there should be one");
    }
}
