namespace FolioRuntime.Tests.Schedules;

/// <summary>
/// Lets one thing stand still at each place where the shared state can be seen to change, one place a trial, and another happen
/// meanwhile from beginning to end: what the first did so far and does afterwards must fit with it.
/// </summary>
internal static class PauseSweep
{
    /// <summary>One trial, on a runtime of its own.</summary>
    /// <param name="Action">Stands still at one place.</param>
    /// <param name="Meanwhile">Happens there.</param>
    /// <param name="Check">Run at the end, with what the action threw; disposes what the trial made.</param>
    public sealed record Trial(Action Action, Action Meanwhile, Action<Exception?> Check);

    /// <summary>Makes trials until the action runs through without meeting another place.</summary>
    /// <returns>The number of places.</returns>
    public static int Run(Func<Trial> make)
    {
        using var stage = new Stage();
        for (var place = 1; ; place++)
        {
            var trial = make();
            var left = place;
            stage[0].Begin(trial.Action);
            var stopped = stage[0].RunTo(seen => seen.IsPlace && --left == 0);
            try
            {
                stage[1].Run(trial.Meanwhile);
                while (!stage[0].HasEnded)
                    stage[0].RunTo(null);
                trial.Check(stage[0].TakeFailure());
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Place {place}: {exception.Message}", exception);
            }

            if (!stopped)
                return place - 1;
        }
    }
}
