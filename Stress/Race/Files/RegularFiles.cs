using System.IO.Enumeration;

namespace FolioRuntime.Race.Files;

/// <summary>
/// The regular files under a directory, symbolic links not followed, with their lengths. What can't be listed is counted and
/// passed over. Entries of length zero are listed but never opened, because a pipe or a device looks like an empty file here and
/// opening one may block.
/// </summary>
internal sealed class RegularFiles : FileSystemEnumerator<FileEntry>
{
    private RegularFiles(string directory)
        : base(directory, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
    {
    }

    private int Unlisted { get; set; }

    /// <summary>Lists a directory. Order: the file system's.</summary>
    public static (IReadOnlyList<FileEntry> Files, int Unlisted) Under(string directory, CancellationToken stop)
    {
        using var enumerator = new RegularFiles(directory);
        var files = new List<FileEntry>();
        while (!stop.IsCancellationRequested && enumerator.MoveNext())
            files.Add(enumerator.Current);
        return (files, enumerator.Unlisted);
    }

    protected override bool ShouldIncludeEntry(ref FileSystemEntry entry) => !entry.IsDirectory;

    protected override FileEntry TransformEntry(ref FileSystemEntry entry) => new(entry.ToFullPath(), entry.Length);

    protected override bool ContinueOnError(int error)
    {
        Unlisted++;
        return true;
    }
}
