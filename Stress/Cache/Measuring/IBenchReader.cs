namespace FolioRuntime.Caching.Measuring;

/// <summary>A way to read bytes of the file. Implemented by structs, so that what is timed is the way and no call through an interface.</summary>
internal interface IBenchReader
{
    void Read(long offset, Span<byte> destination);
}
