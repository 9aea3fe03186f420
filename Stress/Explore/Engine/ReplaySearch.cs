namespace FolioRuntime.Exploration.Engine;

/// <summary>One execution, exactly as a schedule says. Past its end, and for steps that it asks of a thread that can't make them, whoever ran goes on.</summary>
internal sealed class ReplaySearch(Schedule schedule) : Search
{
    private int _step;

    public override string Bound => $"the schedule {schedule}";

    public override bool Exhausts => false;

    /// <summary>Whether the schedule asked for something that this scene couldn't do: it is another scene's, or the code has changed.</summary>
    public bool HasDiverged { get; private set; }

    public override string? Objection => HasDiverged ? "the schedule asks for steps that this scene can't make" : null;

    public override void Begin() => _step = 0;

    public override int PickThread(uint enabled, int current, IReadOnlyList<LogicalThread> threads)
    {
        var asked = _step < schedule.Steps.Count ? schedule.Steps[_step].Thread : -1;
        _step++;
        if (asked >= 0 && (enabled >> asked & 1) != 0)
            return asked;
        HasDiverged |= asked >= 0;
        return current >= 0 && (enabled >> current & 1) != 0 ? current : System.Numerics.BitOperations.TrailingZeroCount(enabled);
    }

    public override int PickValue(int count)
    {
        var asked = _step - 1 < schedule.Steps.Count ? schedule.Steps[_step - 1].Value : 0;
        HasDiverged |= asked >= count;
        return Math.Min(asked, count - 1);
    }

    public override bool Next() => false;
}
