using FolioRuntime.Harness;
using FolioRuntime.Lifetimes;

namespace FolioRuntime.Exploration.Engine;

/// <summary>Runs the executions of one scene that a search asks for, until one goes wrong, nothing is left or a limit is reached.</summary>
internal sealed class Explorer : IDisposable
{
    private const int MostRepetitions = 1000;

    private readonly SharedProcessor _processor = new();
    private readonly Scheduler _scheduler;

    /// <param name="memory">What loads may see.</param>
    /// <param name="mostSteps">More steps than an execution of the scene can have: whatever makes more doesn't end.</param>
    public Explorer(MemoryKind memory = MemoryKind.Sequential, int mostSteps = 2000) => _scheduler = new Scheduler(memory, mostSteps, _processor);

    /// <summary>Explores; <paramref name="mostExecutions"/> and <paramref name="stop"/> end it early, and incomplete.</summary>
    public ExplorationResult Run(Func<Scene> make, Search search, long mostExecutions = long.MaxValue, CancellationToken stop = default)
    {
        _processor.Pin();
        try
        {
            return RunPinned(make, search, mostExecutions, stop);
        }
        finally
        {
            ThreadPinning.Unpin();
        }
    }

    public void Dispose()
    {
        _scheduler.Dispose();
        _processor.Dispose();
    }

    /// <summary>How a timeline shows a lifetime word.</summary>
    public static string ShowWord(ulong bits) => new LifetimeWord(bits).ToString();

    private ExplorationResult RunPinned(Func<Scene> make, Search search, long mostExecutions, CancellationToken stop)
    {
        var states = new HashSet<string>(StringComparer.Ordinal);
        long executions = 0;
        long redundant = 0;
        var longest = 0;
        Failure? failure = null;
        bool more;
        do
        {
            Dictionary<nint, (string, Func<ulong, string>?)> names = [];
            var threads = 0;
            var outcome = RunUndisturbed(
                () =>
                {
                    var scene = make();
                    names = scene.Names;
                    threads = scene.Threads.Length;
                    return scene;
                },
                search);
            if (outcome.IsRedundant)
                redundant++;
            else
                executions++;
            if (outcome.State is { } state)
                states.Add(state);
            longest = Math.Max(longest, outcome.Steps);
            if (outcome.Failure is { } message)
                failure = new Failure(message, executions + (outcome.IsRedundant ? 1 : 0), _scheduler.Schedule.ToString(), Timeline.Of(_scheduler.Steps, names, threads));
            more = failure is null && search.Next();
        }
        while (more && executions < mostExecutions && !stop.IsCancellationRequested);

        return new ExplorationResult
        {
            Bound = search.Bound,
            Executions = executions,
            Redundant = redundant,
            IsComplete = !more && failure is null && search.Exhausts,
            IsCutShort = more && failure is null,
            LongestSteps = longest,
            States = states,
            Failure = failure,
            Objection = search.Objection,
        };
    }

    private Outcome RunUndisturbed(Func<Scene> make, Search search)
    {
        // A collection is seldom, and an execution short: the second try nearly always does.
        for (var attempt = 1; ; attempt++)
        {
            var outcome = _scheduler.Run(make, search);
            if (!outcome.IsDisturbed)
                return outcome;
            if (attempt == MostRepetitions)
                throw new InvalidOperationException("The garbage collector disturbs every execution: the scene allocates too much.");
        }
    }
}
