namespace FolioRuntime.Exploration.Engine;

/// <summary>
/// Every order of steps, one after the other, without regard to which orders differ: slow, and simple enough to be believed, so that reduced
/// searches are held against it. With a bound it tries only executions with that many preemptions: switches away from a thread that could have
/// gone on and wasn't waiting. Source: Musuvathi and Qadeer, iterative context bounding, 2007.
/// </summary>
/// <param name="preemptions">Most preemptions in an execution; null: any number.</param>
/// <param name="dependence">Given: executions are sorted into classes by it.</param>
internal sealed class DepthFirstSearch(int? preemptions = null, Dependence? dependence = null) : Search
{
    private readonly CausalTrace? _trace = dependence is null ? null : new CausalTrace(dependence);
    private int _threads;
    private readonly List<Choice> _path = [];
    private int _depth;
    private int _spent;

    public override string Bound => preemptions is { } most ? $"depth first, at most {most} preemptions" : "depth first, all orders";

    public override bool Exhausts => true;

    /// <summary>The classes of the executions so far; empty unless they are asked for.</summary>
    public HashSet<string> Classes { get; } = new(StringComparer.Ordinal);

    public override void Begin()
    {
        _depth = 0;
        _spent = 0;
        _trace?.Clear();
    }

    public override int PickThread(uint enabled, int current, IReadOnlyList<LogicalThread> threads)
    {
        _threads = threads.Count;
        var canStay = current >= 0 && (enabled >> current & 1) != 0;
        var isPreemption = canStay && threads[current].Pending.Operation != Primitives.SeamOperation.Spin;
        if (_depth == _path.Count)
        {
            // The thread that is running comes first: the first execution has no preemption at all.
            var options = canStay ? new List<int> { current } : [];
            if (!isPreemption || preemptions is null || _spent < preemptions)
            {
                for (var thread = 0; thread < threads.Count; thread++)
                {
                    if (thread != current && (enabled >> thread & 1) != 0)
                        options.Add(thread);
                }
            }

            _path.Add(new Choice([.. options]));
        }

        var picked = _path[_depth++].Picked;
        if (isPreemption && picked != current)
            _spent++;
        return picked;
    }

    public override int PickValue(int count)
    {
        if (_depth == _path.Count)
            _path.Add(new Choice([.. Enumerable.Range(0, count)]));
        return _path[_depth++].Picked;
    }

    public override void Performed(in Step step) => _trace?.Add(step, _threads);

    public override bool Next()
    {
        if (_trace is not null)
            Classes.Add(_trace.ClassName());
        while (_path.Count > 0 && !_path[^1].TryAdvance())
            _path.RemoveAt(_path.Count - 1);
        return _path.Count > 0;
    }

    private sealed class Choice(int[] options)
    {
        private int _at;

        public int Picked => options[_at];

        public bool TryAdvance() => ++_at < options.Length;
    }
}
