extern alias instrumented;

using FolioRuntime.Tests.Schedules;

namespace FolioRuntime.Tests.Properties;

/// <summary>Has a few threads act at once on the instrumented runtime: in an order that is told, so that it can be told again, or as the system lets them.</summary>
internal static class Actors
{
    /// <summary>Whose turn it is, and how many places it passes.</summary>
    public readonly record struct Turn(int Actor, int Places);

    /// <summary>Plays the turns, then lets each actor that is left run to its end. What an actor throws comes out.</summary>
    public static void PlayInTurns(Action[] parts, IEnumerable<Turn> turns, Func<SeamEvent, bool> isPlace)
    {
        using var stage = new Stage();
        var cast = parts.Select((_, i) => stage[i]).ToArray();
        for (var i = 0; i < cast.Length; i++)
            cast[i].Begin(parts[i]);
        foreach (var turn in turns)
        {
            var actor = cast[turn.Actor];
            for (var place = 0; place < turn.Places && !actor.HasEnded; place++)
                actor.RunTo(isPlace);
        }

        foreach (var actor in cast)
            actor.Finish();
    }

    /// <summary>Lets real threads run freely over the instrumented runtime, each held up at random places; what one throws comes out.</summary>
    public static void PlayFreely(Action[] parts, ulong seed)
    {
        using var observer = new RestlessSeam(seed);
        TestThreads.Run(parts.Length, i =>
        {
            observer.Join(i);
            parts[i]();
        });
    }
}
