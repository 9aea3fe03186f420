namespace FolioRuntime.Harness;

/// <summary>Writes a file that appears whole or not at all, also when the program is being stopped.</summary>
public static class WholeFile
{
    private const string PartialEnding = ".partial";

    /// <summary>Tries to write beside a path, and leaves what is there as it is. Folders on the way are made.</summary>
    /// <returns>Why nothing can be written there, in words; null: it can.</returns>
    public static string? WhyNot(string path)
    {
        var whole = Path.GetFullPath(path);
        try
        {
            if (Directory.Exists(whole))
                return $"{path} can't be written: it is a folder.";
            Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
            using (File.Create(whole + PartialEnding, 1, FileOptions.DeleteOnClose))
                return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{path} can't be written: {exception.Message}";
        }
    }

    /// <param name="path">Where; folders on the way are made.</param>
    /// <param name="content">Writes what is to be in it. If it throws, what was there before stays.</param>
    public static void Write(string path, Action<Stream> content)
    {
        var whole = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
        var partial = whole + PartialEnding;
        try
        {
            using (var stream = File.Create(partial))
                content(stream);
            File.Move(partial, whole, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
