namespace FolioRuntime.Report.Comparisons;

/// <summary>What the difference between two runs comes to.</summary>
public enum ComparisonVerdict
{
    /// <summary>The quartiles' ranges meet: nothing to be seen.</summary>
    WithinSpread,

    /// <summary>After is faster, by more than the spread.</summary>
    Faster,

    /// <summary>After is slower, by more than the spread.</summary>
    Slower,

    /// <summary>One of the runs had too few rounds to have a spread.</summary>
    TooFewRounds,
}
