namespace FolioRuntime.Caching.Verifying;

/// <summary>A file that was there before.</summary>
/// <param name="Path">Where.</param>
/// <param name="LengthBytes">Its length.</param>
internal sealed record RegularFile(string Path, long LengthBytes)
{
    public const int MostFiles = 64;
    public const long LongestBytes = 64 << 20;

    /// <summary>Files under a folder that can be read and aren't too long: the first ones by name, links not followed.</summary>
    public static IReadOnlyList<RegularFile> Under(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        return [.. new DirectoryInfo(folder).EnumerateFiles("*", options).Where(file => file.Length is > 0 and <= LongestBytes && IsReadable(file))
            .OrderBy(file => file.FullName, StringComparer.Ordinal).Take(MostFiles).Select(file => new RegularFile(file.FullName, file.Length))];
    }

    private static bool IsReadable(FileInfo file)
    {
        try
        {
            using var handle = File.OpenHandle(file.FullName);
            return true;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
