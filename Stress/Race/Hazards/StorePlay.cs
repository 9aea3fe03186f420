using FolioRuntime.Race.Controls;

namespace FolioRuntime.Race.Hazards;

/// <summary>What is played in a <see cref="StoreScene"/>.</summary>
/// <param name="Wrong">The control's wrong step.</param>
/// <param name="TurnsPerRound">Turns of a thread between two looks at the whole.</param>
/// <param name="Turn">One turn.</param>
internal sealed record StorePlay(WrongStep Wrong, int TurnsPerRound, Action<StoreFloor, Hand> Turn)
{
    /// <summary>Whether the pool's slabs are owned by the threads that take from them.</summary>
    public bool ThreadsOwn { get; init; }
}
