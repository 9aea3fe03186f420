using System.Text;

namespace FolioRuntime.Exploration.Engine;

/// <summary>
/// The steps of an execution with what orders them: a clock a step, that says how many steps of each thread come before it in every execution
/// of its class. Two executions are of one class, differing only in the order of independent steps, exactly if they have the same steps with the same clocks.
/// </summary>
internal sealed class CausalTrace(Dependence dependence)
{
    private readonly List<(Step Step, int[] Clock)> _steps = [];
    private readonly List<int[]> _last = [];
    private readonly List<int> _races = [];

    public int Count => _steps.Count;

    /// <summary>The earlier steps that the last one added is in a race with: dependent, of another thread, and ordered by nothing between.</summary>
    public IReadOnlyList<int> Races => _races;

    public Step this[int index] => _steps[index].Step;

    public void Clear()
    {
        _steps.Clear();
        _last.Clear();
    }

    public void Add(in Step step, int threads)
    {
        while (_last.Count < threads)
            _last.Add(new int[threads]);
        _races.Clear();
        var clock = (int[])_last[step.Thread].Clone();
        for (var i = _steps.Count - 1; i >= 0; i--)
        {
            var (earlier, its) = _steps[i];
            if (clock[earlier.Thread] >= its[earlier.Thread] || !dependence.Between(earlier, step))
                continue;
            _races.Add(i);
            for (var thread = 0; thread < clock.Length; thread++)
                clock[thread] = Math.Max(clock[thread], its[thread]);
        }

        clock[step.Thread]++;
        _last[step.Thread] = clock;
        _steps.Add((step, clock));
    }

    /// <summary>Whether a step comes before another in every execution of the class.</summary>
    public bool IsBefore(int earlier, int later)
    {
        var (step, clock) = _steps[earlier];
        return _steps[later].Clock[step.Thread] >= clock[step.Thread];
    }

    /// <summary>The same for all executions of a class, and different for different classes.</summary>
    public string ClassName()
    {
        var name = new StringBuilder();
        for (var thread = 0; thread < _last.Count; thread++)
        {
            foreach (var (step, clock) in _steps)
            {
                if (step.Thread == thread)
                    name.Append(step.Access.Operation).Append(step.Wrote ? '!' : '?').AppendJoin(',', clock).Append(';');
            }
        }

        return name.ToString();
    }
}
