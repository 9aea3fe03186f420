namespace FolioRuntime.Lifetimes;

/// <summary>Objects were not returned where all should have been. Thrown for tests, which any framework then fails.</summary>
public sealed class LeakException : Exception
{
    /// <summary>Of a report.</summary>
    /// <param name="report">What leaked.</param>
    public LeakException(LeakReport report)
        : base((report ?? throw new ArgumentNullException(nameof(report))).ToString()) => Report = report;

    /// <summary>What leaked; the message is its text.</summary>
    public LeakReport Report { get; }
}
