namespace FolioRuntime.Race.Results;

/// <summary>What came of wearing runtimes out.</summary>
/// <param name="Violations">Broken promises, and moments at which more was lost to exhaustion than the bound allows.</param>
/// <param name="Remark">The figures, in words.</param>
internal sealed record SoakResult(long Violations, string Remark);
