using FolioRuntime.Exploration.Engine;

namespace FolioRuntime.Exploration;

/// <summary>How far a scenario is explored.</summary>
internal sealed record Reach
{
    private Reach(string words, Func<MemoryKind, Search> search)
    {
        Words = words;
        Search = search;
    }

    /// <summary>Every order that can be told from the others, by partial-order reduction: complete.</summary>
    public static Reach Everything { get; } = new("everything", static memory => new SourceSetSearch(new Dependence(memory == MemoryKind.Weak)));

    /// <summary>Every order, without reduction: complete, and only for what is small.</summary>
    public static Reach Unreduced { get; } = new("everything, unreduced", static memory => new DepthFirstSearch(dependence: new Dependence(memory == MemoryKind.Weak)));

    public string Words { get; }

    /// <summary>Makes the search.</summary>
    public Func<MemoryKind, Search> Search { get; }

    /// <summary>Every order with at most so many preemptions.</summary>
    public static Reach Preemptions(int most) => new($"{most} preemptions", _ => new DepthFirstSearch(most));

    /// <summary>Random priorities (PCT).</summary>
    public static Reach Random(long executions, int changes = 3, ulong seed = 1) =>
        new($"{executions} random, {changes} changes", _ => new RandomPrioritySearch(seed, changes, executions));

    /// <summary>Of a family, this scene alone; null: all.</summary>
    public string? Member { get; private init; }

    /// <summary>One execution. The schedule of one of a family begins with its name and a colon.</summary>
    /// <exception cref="FormatException">The text is no schedule.</exception>
    public static Reach Replay(string schedule)
    {
        var parts = schedule.Split(": ", 2);
        var parsed = Schedule.Parse(parts[^1]);
        return new($"schedule {schedule}", _ => new ReplaySearch(parsed)) { Member = parts.Length == 2 ? parts[0] : null };
    }

    public override string ToString() => Words;
}
