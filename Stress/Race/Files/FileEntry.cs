namespace FolioRuntime.Race.Files;

/// <summary>A regular file as the directory listed it.</summary>
internal sealed record FileEntry(string Path, long LengthBytes);
