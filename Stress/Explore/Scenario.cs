using FolioRuntime.Exploration.Engine;

namespace FolioRuntime.Exploration;

/// <summary>A scene that is explored, and how far.</summary>
/// <param name="Name">Unique, lower case, in words joined by hyphens.</param>
/// <param name="About">What is played and what must hold, in a sentence.</param>
/// <param name="Make">Sets it up for one execution.</param>
internal sealed record Scenario(string Name, string About, Func<Scene> Make)
{
    /// <summary>What of the runtime it is about: the table's first column.</summary>
    public required string Subject { get; init; }

    /// <summary>The invariants that it checks, L1 to L8.</summary>
    public string[] Invariants { get; init; } = [];

    /// <summary>The hazards that it owns, by their numbers in docs/HAZARDS.md.</summary>
    public int[] Hazards { get; init; } = [];

    /// <summary>Whether it plays something that is known to be wrong: exploring it must fail.</summary>
    public bool IsControl { get; init; }

    /// <summary>How far it is explored with every load seeing the newest value.</summary>
    public Reach Sequential { get; init; } = Reach.Everything;

    /// <summary>How far it is explored under weak memory; null: not.</summary>
    public Reach? Weak { get; init; }

    /// <summary>More steps than any execution of it has.</summary>
    public int MostSteps { get; init; } = 500;

    /// <summary>Where it is a family: its scenes by name, each explored alone. A schedule then begins with the name of its scene.</summary>
    public IReadOnlyList<(string Name, Func<Scene> Make)> Members { get; init; } = [];

    /// <summary>How far under one kind of memory; null: not.</summary>
    public Reach? ReachUnder(MemoryKind memory) => memory == MemoryKind.Weak ? Weak : Sequential;

    /// <summary>Explores it, as far as it says or as far as is asked.</summary>
    public ExplorationResult Explore(MemoryKind memory, Reach? reach = null, long mostExecutions = long.MaxValue, CancellationToken stop = default)
    {
        reach ??= ReachUnder(memory) ?? throw new ArgumentOutOfRangeException(nameof(memory), memory, $"{Name} is not explored under this memory.");
        using var explorer = new Explorer(memory, MostSteps);
        if (Members.Count == 0)
            return explorer.Run(Make, reach.Search(memory), mostExecutions, stop);
        ExplorationResult? sum = null;
        foreach (var (name, make) in Members.Where(member => reach.Member is null || reach.Member == member.Name))
        {
            if (sum is not null && stop.IsCancellationRequested)
            {
                sum = sum with { IsComplete = false, IsCutShort = true };
                break;
            }

            var result = explorer.Run(make, reach.Search(memory), mostExecutions, stop).Of(name);
            sum = sum is null ? result : sum.And(result);
            if (sum.Failure is not null)
                break;
        }

        if (sum is not null && reach.Member is null)
            sum = sum with { Bound = $"{sum.Bound}, of {Members.Count} scenes" };
        return sum ?? throw new ArgumentException($"{Name} has no scene {reach.Member}.", nameof(reach));
    }
}
