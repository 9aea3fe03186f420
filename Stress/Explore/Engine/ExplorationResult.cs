namespace FolioRuntime.Exploration.Engine;

/// <summary>What an exploration saw.</summary>
internal sealed record ExplorationResult
{
    /// <summary>How it searched and how far it went.</summary>
    public required string Bound { get; init; }

    /// <summary>Executions run to their end and judged; for a failing exploration, up to and with the failing one.</summary>
    public required long Executions { get; init; }

    /// <summary>Executions that were begun and turned out to be one seen before.</summary>
    public required long Redundant { get; init; }

    /// <summary>Whether everything within the bound was seen.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>Whether a limit ended it before the search did.</summary>
    public required bool IsCutShort { get; init; }

    /// <summary>Steps of the longest execution.</summary>
    public required int LongestSteps { get; init; }

    /// <summary>The different states at the end, where the scene tells them.</summary>
    public required IReadOnlySet<string> States { get; init; }

    /// <summary>The first execution that went wrong; null: none.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Why it means nothing that nothing failed; null: it means what it says.</summary>
    public string? Objection { get; init; }

    /// <summary>As the result of one of several scenes, by its name.</summary>
    public ExplorationResult Of(string scene) => this with
    {
        States = new HashSet<string>(States.Select(state => $"{scene}: {state}"), StringComparer.Ordinal),
        Failure = Failure is null ? null : Failure with { Message = $"{scene}: {Failure.Message}", Schedule = $"{scene}: {Failure.Schedule}" },
    };

    /// <summary>Both together, of which the other came later.</summary>
    public ExplorationResult And(ExplorationResult other) => other with
    {
        Executions = Executions + other.Executions,
        Redundant = Redundant + other.Redundant,
        IsComplete = IsComplete && other.IsComplete,
        IsCutShort = IsCutShort || other.IsCutShort,
        LongestSteps = Math.Max(LongestSteps, other.LongestSteps),
        States = new HashSet<string>([.. States, .. other.States], StringComparer.Ordinal),
        Failure = other.Failure is null ? null : other.Failure with { Execution = Executions + other.Failure.Execution },
    };
}
