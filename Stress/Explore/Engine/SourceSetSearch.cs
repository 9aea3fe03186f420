using System.Numerics;

namespace FolioRuntime.Exploration.Engine;

/// <summary>
/// One execution of each class of those that differ only in the order of steps that can't tell their order: dynamic partial-order reduction
/// with source sets and sleep sets. Complete for the scene: every final state that any order reaches is reached.
/// <code>
///   node      before each step: who could go on, who is still to be tried here (backtrack), who need not be (sleep)
///   race      steps i before j of different threads, dependent, with nothing between that orders them
///             → at i's node somebody must also be tried who can begin a run in which j's thread comes first
/// </code>
/// Source: Abdulla, Aronsson, Jonsson, Sagonas, Optimal dynamic partial order reduction, 2014 (its source-set algorithm).
/// </summary>
internal sealed class SourceSetSearch(Dependence dependence) : Search
{
    private readonly List<Node> _nodes = [];
    private readonly CausalTrace _trace = new(dependence);
    private readonly List<int> _between = [];
    private uint _sleep;
    private int _firstNew;
    private int _given;
    private int _depth;
    private bool _isRedundant;

    public override string Bound => "all orders, reduced";

    public override bool Exhausts => true;

    /// <summary>Given: receives the classes of the executions. Rarely two of one class are run: a compare-exchange counts as a change until it has failed.</summary>
    public HashSet<string>? Classes { get; init; }

    public override void Begin()
    {
        // What a disturbed execution chose is forgotten: words that the collector moved under it looked like others.
        _nodes.RemoveRange(_given, _nodes.Count - _given);
        foreach (var node in _nodes)
            (node.Backtrack, node.Values) = node.Given;
        _trace.Clear();
        _depth = 0;
        _sleep = 0;
        _isRedundant = false;
    }

    public override int PickThread(uint enabled, int current, IReadOnlyList<LogicalThread> threads)
    {
        if (_depth == _nodes.Count)
        {
            var awake = enabled & ~_sleep;
            if (awake == 0)
            {
                _isRedundant = true;
                return Redundant;
            }

            var first = current >= 0 && (awake >> current & 1) != 0 ? current : BitOperations.TrailingZeroCount(awake);
            _nodes.Add(new Node { Enabled = enabled, Sleep = _sleep, Picked = first, Backtrack = 1u << first });
        }

        // Anew in each execution: addresses differ.
        var pending = _nodes[_depth].Pending;
        pending.Clear();
        foreach (var thread in threads)
            pending.Add(thread.Pending);
        return _nodes[_depth++].Picked;
    }

    public override int PickValue(int count)
    {
        var node = _nodes[_depth - 1];
        node.Values = count;
        return node.Value;
    }

    public override void Performed(in Step step)
    {
        var index = _depth - 1;
        var node = _nodes[index];
        _trace.Add(step, node.Pending.Count);
        if (index >= _firstNew)
        {
            foreach (var at in _trace.Races)
                TryReversed(at, index);
        }

        // Who sleeps here goes on sleeping while what is done can't matter to its next step.
        _sleep = 0;
        for (var thread = 0; thread < node.Pending.Count; thread++)
        {
            if ((node.Sleep >> thread & 1) != 0 && thread != step.Thread && !dependence.Between(node.Pending[thread], step))
                _sleep |= 1u << thread;
        }
    }

    public override bool Next()
    {
        if (!_isRedundant)
            Classes?.Add(_trace.ClassName());

        // Ends: each turn drops a node, or leaves the loop.
        while (_nodes.Count > 0)
        {
            var node = _nodes[^1];
            if (++node.Value < node.Values)
                break;
            node.Value = 0;
            node.Values = 1;
            node.Sleep |= 1u << node.Picked;
            var left = node.Backtrack & ~node.Sleep;
            if (left != 0)
            {
                node.Picked = BitOperations.TrailingZeroCount(left);
                break;
            }

            _nodes.RemoveAt(_nodes.Count - 1);
        }

        _firstNew = _nodes.Count - 1;
        _given = _nodes.Count;
        foreach (var node in _nodes)
            node.Given = (node.Backtrack, node.Values);
        return _nodes.Count > 0;
    }

    /// <summary>Sees to it that where a step was made, a run is tried in which a later one, that races with it, comes before it.</summary>
    private void TryReversed(int at, int later)
    {
        // The steps since that don't depend on the earlier one, and the later one: whoever can make the first of them can begin such a run.
        uint seen = 0;
        uint initials = 0;
        _between.Clear();
        for (var i = at + 1; i <= later; i++)
        {
            if (i != later && _trace.IsBefore(at, i))
                continue;
            var bit = 1u << _trace[i].Thread;
            if ((seen & bit) == 0 && !_between.Exists(earlier => _trace.IsBefore(earlier, i)))
                initials |= bit;
            seen |= bit;
            _between.Add(i);
        }

        var node = _nodes[at];
        var possible = initials & node.Enabled;

        // None: the later step waited for this very one, and that order doesn't exist.
        if ((node.Backtrack & initials) != 0 || possible == 0)
            return;
        var own = 1u << _trace[later].Thread;
        node.Backtrack |= (possible & own) != 0 ? own : 1u << BitOperations.TrailingZeroCount(possible);
    }

    private sealed class Node
    {
        public uint Enabled;
        public uint Sleep;
        public uint Backtrack;

        // What two of the others were when the execution began.
        public (uint Backtrack, int Values) Given;
        public int Picked;
        public int Value;
        public int Values = 1;
        public List<Access> Pending = [];
    }
}
