using FolioRuntime.Race.Controls;

namespace FolioRuntime.Race.Hazards;

/// <summary>What is played in a <see cref="PageScene"/>.</summary>
/// <param name="Wrong">The control's wrong line.</param>
/// <param name="TurnsPerRound">Turns of a thread between two looks at the whole.</param>
/// <param name="Turn">One turn.</param>
internal sealed record PagePlay(WrongLine Wrong, int TurnsPerRound, Action<PageFloor, Hand> Turn);
