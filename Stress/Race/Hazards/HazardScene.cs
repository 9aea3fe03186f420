namespace FolioRuntime.Race.Hazards;

/// <summary>
/// The stage of one hazard: what threads do in a turn and what must hold while they do it and when they stand still. Written once, over an
/// interface that the shipping code and the control both have, so that the workload and the checks of the two are the same.
/// </summary>
internal abstract class HazardScene(Referee referee, int turnsPerRound) : IDisposable
{
    public int TurnsPerRound { get; } = turnsPerRound;

    protected Referee Referee { get; } = referee;

    /// <summary>One turn of one thread. What it throws is a violation.</summary>
    public abstract void Turn(Hand hand);

    /// <summary>All threads stand still between two turns: settles what is out, and makes a control whole again.</summary>
    public abstract void CloseRound(Hand hand);

    public abstract void Dispose();
}
