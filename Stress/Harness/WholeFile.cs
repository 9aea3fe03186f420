namespace FolioRuntime.Harness;

/// <summary>Writes a file that appears whole or not at all, also when the program is being stopped.</summary>
public static class WholeFile
{
    /// <param name="path">Where; folders on the way are made.</param>
    /// <param name="content">Writes what is to be in it. If it throws, what was there before stays.</param>
    public static void Write(string path, Action<Stream> content)
    {
        var whole = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
        var partial = whole + ".partial";
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
