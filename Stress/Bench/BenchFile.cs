using FolioRuntime.PageCaching;
using Microsoft.Win32.SafeHandles;

namespace FolioRuntime.Bench;

/// <summary>A file as a page cache reads it, by the system's call and nothing else.</summary>
internal sealed class BenchFile(string path) : IPageStore
{
    private readonly SafeFileHandle _file = File.OpenHandle(path);

    public long LengthBytes => RandomAccess.GetLength(_file);

    public int AlignmentBytes => 1;

    public int Read(Span<byte> destination, long offsetBytes) => RandomAccess.Read(_file, destination, offsetBytes);

    public void Write(ReadOnlySpan<byte> source, long offsetBytes) => RandomAccess.Write(_file, source, offsetBytes);

    public void Flush() => RandomAccess.FlushToDisk(_file);

    public void SetLength(long lengthBytes) => RandomAccess.SetLength(_file, lengthBytes);

    public void Dispose() => _file.Dispose();
}
