namespace FolioRuntime.Race.Files;

/// <summary>A part of a file, the unit of work: read once straight from the file, and once in pieces into the runtime.</summary>
/// <param name="File">Its file, as an index into the list.</param>
/// <param name="OffsetBytes">Where it begins.</param>
/// <param name="LengthBytes">At most <see cref="LargestBytes"/>.</param>
internal readonly record struct Segment(int File, long OffsetBytes, int LengthBytes)
{
    public const int LargestBytes = 1 << 20;

    /// <summary>All segments of the files, in order. Empty files have none.</summary>
    public static IEnumerable<Segment> Of(IReadOnlyList<FileEntry> files)
    {
        for (var file = 0; file < files.Count; file++)
        {
            var length = files[file].LengthBytes;
            for (long offset = 0; offset < length; offset += LargestBytes)
                yield return new Segment(file, offset, (int)Math.Min(LargestBytes, length - offset));
        }
    }
}
