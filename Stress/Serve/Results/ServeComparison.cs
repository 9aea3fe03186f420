namespace FolioRuntime.Serve.Results;

/// <summary>The runtime's pool beside Kestrel's own.</summary>
/// <param name="Rounds">Rounds that both have.</param>
/// <param name="RequestsPerSecondRatio">Median of the rounds' ratios.</param>
/// <param name="RatioLow">Their lower quartile.</param>
/// <param name="RatioHigh">Their upper quartile.</param>
/// <param name="KeptAfterBurstRatio">What stayed resident after the burst above what was before, of the same of Kestrel's; null: no burst, or Kestrel's kept nothing.</param>
internal sealed record ServeComparison(int Rounds, double RequestsPerSecondRatio, double RatioLow, double RatioHigh, double? KeptAfterBurstRatio);
