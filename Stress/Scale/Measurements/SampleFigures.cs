using FolioRuntime.Harness.Scaling;

namespace FolioRuntime.Scale.Measurements;

/// <summary>What one sample gave.</summary>
/// <param name="OperationsPerSecond">Of all threads together.</param>
/// <param name="RssPeakBytes">Most resident memory of the process during the sample.</param>
/// <param name="RssAfterBytes">Resident memory after all was given back and what is kept free was trimmed.</param>
/// <param name="Memory">Resident memory during the sample.</param>
internal readonly record struct SampleFigures(double OperationsPerSecond, long RssPeakBytes, long RssAfterBytes, IReadOnlyList<MemoryPoint> Memory);
