using System.Runtime.InteropServices;
using System.Text;

namespace FolioRuntime.Exploration.Engine;

/// <summary>
/// The steps of an execution with what orders them: a clock a step, that says how many steps of each thread come before it in every execution
/// of its class. Two executions are of one class, differing only in the order of independent steps, exactly if they have the same steps with the same clocks.
/// </summary>
internal sealed class CausalTrace(Dependence dependence)
{
    private readonly List<Step> _steps = [];
    private readonly List<int[]> _clocks = [];
    private readonly List<int[]> _last = [];
    private readonly List<int> _races = [];

    public int Count => _steps.Count;

    /// <summary>The earlier steps that the last one added is in a race with: dependent, of another thread, and ordered by nothing between.</summary>
    public IReadOnlyList<int> Races => _races;

    public Step this[int index] => _steps[index];

    public void Clear()
    {
        _steps.Clear();
        _clocks.Clear();
        _last.Clear();
    }

    public void Add(in Step step, int threads)
    {
        while (_last.Count < threads)
            _last.Add(new int[threads]);
        _races.Clear();
        var clock = (int[])_last[step.Thread].Clone();
        var steps = CollectionsMarshal.AsSpan(_steps);
        var clocks = CollectionsMarshal.AsSpan(_clocks);
        for (var i = steps.Length - 1; i >= 0; i--)
        {
            ref readonly var earlier = ref steps[i];
            var its = clocks[i];
            if (clock[earlier.Thread] >= its[earlier.Thread] || !dependence.Between(earlier, step))
                continue;
            _races.Add(i);
            for (var thread = 0; thread < clock.Length; thread++)
                clock[thread] = Math.Max(clock[thread], its[thread]);
        }

        clock[step.Thread]++;
        _last[step.Thread] = clock;
        _steps.Add(step);
        _clocks.Add(clock);
    }

    /// <summary>Whether a step comes before another in every execution of the class.</summary>
    public bool IsBefore(int earlier, int later)
    {
        var thread = CollectionsMarshal.AsSpan(_steps)[earlier].Thread;
        return _clocks[later][thread] >= _clocks[earlier][thread];
    }

    /// <summary>The same for all executions of a class, and different for different classes.</summary>
    public string ClassName()
    {
        var name = new StringBuilder();
        for (var thread = 0; thread < _last.Count; thread++)
        {
            foreach (var (step, clock) in _steps.Zip(_clocks))
            {
                if (step.Thread == thread)
                    name.Append(step.Access.Operation).Append(step.Wrote ? '!' : '?').AppendJoin(',', clock).Append(';');
            }
        }

        return name.ToString();
    }
}
