namespace FolioRuntime.Exploration.Engine;

/// <summary>
/// One execution's own: what was set up, the threads that act, and what must hold at the end. Made anew for each execution, so that every one
/// begins alike; what the maker does is not scheduled and counts as having happened before every thread. What threads tell each other must go
/// through the seam or <see cref="Content"/>: of anything else a reduced search doesn't know that its order matters.
/// </summary>
/// <param name="threads">2 to 4 threads.</param>
internal sealed class Scene(params Action[] threads)
{
    public Action[] Threads { get; } = threads;

    /// <summary>Run when all threads have ended: throws if something is wrong.</summary>
    public Action? Check { get; init; }

    /// <summary>The state at the end, in words, to compare searches by.</summary>
    public Func<string>? State { get; init; }

    /// <summary>Run last, whatever happened.</summary>
    public Action? Close { get; init; }

    /// <summary>Whether somebody asks if a thread has ended, so that ending is a step of its own.</summary>
    public bool EndsMatter { get; init; }

    /// <summary>What timelines call an address, and how they show what it holds.</summary>
    public Dictionary<nint, (string Name, Func<ulong, string>? Show)> Names { get; init; } = [];
}
