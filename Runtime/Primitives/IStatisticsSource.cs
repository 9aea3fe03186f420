namespace FolioRuntime.Primitives;

/// <summary>Has figures to tell when somebody asks. Thread-safe.</summary>
internal interface IStatisticsSource<out TStatistics>
{
    /// <summary>What it holds now and has done. Called with no latch held.</summary>
    TStatistics Statistics();
}
