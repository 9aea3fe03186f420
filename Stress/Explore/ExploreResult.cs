namespace FolioRuntime.Exploration;

/// <summary>What exploring one scenario under one kind of memory gave.</summary>
internal sealed record ExploreResult(
    string Scenario,
    string Memory,
    bool IsControl,
    string Bound,
    bool Complete,
    long Executions,
    long Redundant,
    int LongestSteps,
    int FinalStates,
    string? Failure,
    string? Schedule);
