namespace FolioRuntime.Caching.Measuring;

/// <summary>What a way took.</summary>
/// <param name="Way">The way.</param>
/// <param name="SizeBytes">Bytes of a read; of what isn't a read, of the page.</param>
/// <param name="Threads">Threads at once.</param>
/// <param name="NanosecondsPerOperation">Of one thread; median of the rounds.</param>
/// <param name="Baseline">What it was compared with in each round.</param>
/// <param name="RatioToBaseline">Median of the ratios.</param>
/// <param name="RatioLow">Their lower quartile.</param>
/// <param name="RatioHigh">Their upper quartile.</param>
internal sealed record BenchResult(
    string Way, int SizeBytes, int Threads, double NanosecondsPerOperation, string Baseline, double RatioToBaseline, double RatioLow, double RatioHigh);
