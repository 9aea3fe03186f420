namespace FolioRuntime.Race.Results;

/// <summary>How strong the detector was: what a control did, and how often it was caught.</summary>
internal sealed record ControlCount(long Operations, long Violations)
{
    /// <summary>Operations for each violation found: the smaller, the stronger. Null: none was.</summary>
    public double? OperationsPerViolation => Violations == 0 ? null : Math.Round((double)Operations / Violations, 1);
}
