namespace FolioRuntime.Tests.Race;

/// <summary>A directory of files of awkward sizes, with content that repeats nowhere; deleted when disposed.</summary>
internal sealed class SomeFiles : IDisposable
{
    public static readonly int[] SizesBytes =
        [0, 1, 2, 999, 1000, 1001, 4095, 4096, 4097, 131072, 131073, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_333_333];

    public SomeFiles(int seed = 1)
    {
        var random = new Random(seed);
        foreach (var size in SizesBytes)
        {
            var bytes = new byte[size];
            random.NextBytes(bytes);
            var path = PathOf(size);
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }
    }

    public string Directory { get; } = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public static long TotalBytes => SizesBytes.Sum(size => (long)size);

    public string PathOf(int sizeBytes) => Path.Combine(Directory, $"{sizeBytes % 3}", $"{sizeBytes}.bin");

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
