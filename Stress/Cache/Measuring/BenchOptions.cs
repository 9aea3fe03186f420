namespace FolioRuntime.Caching.Measuring;

/// <summary>What a run of folio-cache bench was asked for.</summary>
/// <param name="Sizes">Bytes of a read.</param>
/// <param name="Threads">Numbers of threads, each measured for itself.</param>
/// <param name="Rounds">Rounds, after some that warm up.</param>
/// <param name="Seed">Of the places that are read.</param>
/// <param name="Json">Where to write the result; null: nowhere.</param>
internal sealed record BenchOptions(IReadOnlyList<int> Sizes, IReadOnlyList<int> Threads, int Rounds, ulong Seed, string? Json)
{
    public static IReadOnlyList<int> DefaultSizes { get; } = [64, 256, 4096, 65_536];

    public static IReadOnlyList<int> DefaultThreads { get; } = [1, 2];
}
