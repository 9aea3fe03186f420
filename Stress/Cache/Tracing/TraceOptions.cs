namespace FolioRuntime.Caching.Tracing;

/// <summary>What a run of folio-cache trace was asked for.</summary>
/// <param name="Files">Traces; none: generated ones.</param>
/// <param name="Policies">Names; the optimum is always played too.</param>
/// <param name="Sizes">Capacities, in per cent of the footprint.</param>
/// <param name="Seed">Of the generated traces.</param>
/// <param name="Json">Where to write the result; null: nowhere.</param>
internal sealed record TraceOptions(IReadOnlyList<string> Files, IReadOnlyList<string> Policies, IReadOnlyList<double> Sizes, ulong Seed, string? Json)
{
    public static IReadOnlyList<double> DefaultSizes { get; } = [0.5, 1, 2, 5, 10, 20, 30, 50];
}
