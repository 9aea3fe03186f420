namespace FolioRuntime.Tests.Schedules;

/// <summary>
/// Runs a few actors over the instrumented runtime in every order in which their changes of one word can follow each other:
/// depth first, each schedule on a scene of its own. Exhaustive for the scene, under sequential consistency.
/// </summary>
internal static class Interleavings
{
    /// <summary>What is played: the word that matters, the actors, and what must hold at the end.</summary>
    /// <param name="Word">Its address; asked when the actors are in place.</param>
    /// <param name="Actors">Each pauses once, where its part begins. Between there and its first change of the word it does nothing that others could notice.</param>
    /// <param name="LateActors">As actors, but free to do anything before their first change of the word, such as taking the page.</param>
    /// <param name="Check">Run after the last actor ended; disposes what the scene made.</param>
    public sealed record Scene(Func<nint> Word, Action[] Actors, Action[] LateActors, Action Check);

    /// <summary>Plays all schedules. An exception of an actor or of the check comes out with the schedule in its message.</summary>
    /// <returns>How many there were.</returns>
    public static int Explore(Func<Scene> setTheScene)
    {
        using var stage = new Stage();
        var path = new List<(int Choice, int Of)>();
        var schedules = 0;
        do
        {
            var order = new List<int>();
            try
            {
                Play(setTheScene(), stage, path, order);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Schedule {schedules} ({string.Join(' ', order)}): {exception.Message}", exception);
            }

            schedules++;
        }
        while (TryNext(path));
        return schedules;
    }

    private static void Play(Scene scene, Stage stage, List<(int Choice, int Of)> path, List<int> order)
    {
        Action[] parts = [.. scene.Actors, .. scene.LateActors];
        var cast = parts.Select((_, i) => stage[i]).ToArray();
        for (var i = 0; i < cast.Length; i++)
        {
            cast[i].Begin(parts[i]);
            cast[i].RunToPause();
        }

        var stop = SeamEvent.BeforeChanging(scene.Word());
        for (var i = 0; i < scene.Actors.Length; i++)
            cast[i].RunTo(stop);
        for (var depth = 0; ; depth++)
        {
            var waiting = Enumerable.Range(0, cast.Length).Where(i => !cast[i].HasEnded).ToArray();
            if (waiting.Length == 0)
                break;
            if (depth == path.Count)
                path.Add((0, waiting.Length));
            var next = waiting[path[depth].Choice];
            order.Add(next);
            if (!cast[next].RunTo(stop))
                cast[next].Finish();
        }

        scene.Check();
    }

    private static bool TryNext(List<(int Choice, int Of)> path)
    {
        while (path.Count > 0)
        {
            var (choice, of) = path[^1];
            path.RemoveAt(path.Count - 1);
            if (choice + 1 < of)
            {
                path.Add((choice + 1, of));
                return true;
            }
        }

        return false;
    }
}
