namespace FolioRuntime.Primitives;

/// <summary>In place of the runtime's: reads as <see cref="ContentCopy"/> does, so that each word may be a step.</summary>
internal readonly struct ShortContent
{
    private readonly byte[] _bytes;

    private ShortContent(byte[] bytes) => _bytes = bytes;

    public static bool Fits(int lengthBytes) => lengthBytes is >= 16 and <= 64;

    public static ShortContent Load(ReadOnlySpan<byte> source)
    {
        var bytes = new byte[source.Length];
        ContentCopy.Copy(source, bytes);
        return new(bytes);
    }

    public void Store(Span<byte> destination) => _bytes.CopyTo(destination);
}
