using FolioRuntime.Harness;

namespace FolioRuntime.Exploration.Engine;

/// <summary>
/// Executions in which the thread of highest priority always runs, priorities are random, and at a few random steps the running one's falls
/// below all others. Finds a fault that needs d such changes with a probability of at least 1 / (threads × steps^d) an execution.
/// Source: Burckhardt, Kothari, Musuvathi, Nagarakatte, probabilistic concurrency testing, 2010.
/// </summary>
internal sealed class RandomPrioritySearch(ulong seed, int changes, long executions) : Search
{
    private readonly List<int> _priorities = [];
    private readonly HashSet<int> _changeAt = [];
    private XorShift _random;
    private long _execution;
    private int _step;
    private int _longest = 50;
    private int _lowest;

    public override string Bound => $"{executions} random executions with {changes} changes of priority, seed {seed}";

    public override bool Exhausts => false;

    public override void Begin()
    {
        _random = new XorShift(seed + (ulong)_execution, 1);
        _priorities.Clear();
        _changeAt.Clear();
        for (var i = 0; i < changes; i++)
            _changeAt.Add((int)_random.Below(_longest));
        _step = 0;
        _lowest = 0;
    }

    public override int PickThread(uint enabled, int current, IReadOnlyList<LogicalThread> threads)
    {
        while (_priorities.Count < threads.Count)
            _priorities.Add(1 + (int)_random.Below(1 << 20));

        // Whoever waits gives way, or it could keep out the one that it waits for.
        if (current >= 0 && (_changeAt.Contains(_step) || threads[current].Pending.Operation == Primitives.SeamOperation.Spin))
            _priorities[current] = --_lowest;
        _step++;
        var best = -1;
        for (var thread = 0; thread < threads.Count; thread++)
        {
            if ((enabled >> thread & 1) != 0 && (best < 0 || _priorities[thread] > _priorities[best]))
                best = thread;
        }

        return best;
    }

    public override int PickValue(int count) => (int)_random.Below(count);

    public override bool Next()
    {
        _longest = Math.Max(_longest, _step);
        return ++_execution < executions;
    }
}
