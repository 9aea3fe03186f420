namespace FolioRuntime.Tests.Properties;

/// <summary>
/// Whether a history of concurrent calls can be explained by some order of their steps, each within its call's time, in which a
/// sequential model gives every answer that was given. Depth first over the orders, remembering what failed.
/// Source: Wing and Gong 1993, with Lowe's memory of configurations.
/// </summary>
internal static class Linearizability
{
    /// <summary>Longest history: two bits of a word say how far each call is.</summary>
    public const int MostCalls = 32;

    /// <param name="history">The calls.</param>
    /// <param name="model">What they may answer.</param>
    /// <param name="fitsTheEnd">Whether a state fits with what was found after the last call.</param>
    public static bool Explains<TState, TCall, TResult>(
        IReadOnlyList<HistoryCall<TCall, TResult>> history, ISequentialModel<TState, TCall, TResult> model, Func<TState, bool> fitsTheEnd)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(history.Count, MostCalls);
        var isAlone = history.Select(call => !history.Any(other => other.Thread != call.Thread && other.Overlaps(call))).ToArray();
        var steps = history.Select(model.StepsOf).ToArray();
        var refuted = new HashSet<(ulong Done, TState State)>();
        return Search(0, model.Initial);

        bool Search(ulong done, TState state)
        {
            var unfinished = Enumerable.Range(0, history.Count).Where(i => DoneOf(done, i) < steps[i]).ToArray();
            if (unfinished.Length == 0)
                return fitsTheEnd(state);
            if (!refuted.Add((done, state)))
                return false;
            var firstEnd = unfinished.Min(i => history[i].End);
            foreach (var i in unfinished)
            {
                // A step of a call that began after another one's end comes after all of that one's steps.
                if (history[i].Begin < firstEnd
                    && model.TryStep(state, history[i], i, DoneOf(done, i), isAlone[i], out var next)
                    && Search(done + (1ul << (2 * i)), next))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>As <see cref="Explains"/> for calls of any number that were made one after another: there is only their own order.</summary>
    public static bool ExplainsInOrder<TState, TCall, TResult>(
        IReadOnlyList<HistoryCall<TCall, TResult>> history, ISequentialModel<TState, TCall, TResult> model, Func<TState, bool> fitsTheEnd)
    {
        var state = model.Initial;
        for (var i = 0; i < history.Count; i++)
        {
            for (var step = 0; step < model.StepsOf(history[i]); step++)
            {
                if (!model.TryStep(state, history[i], i, step, isAlone: true, out state))
                    return false;
            }
        }

        return fitsTheEnd(state);
    }

    private static int DoneOf(ulong done, int call) => (int)(done >> (2 * call)) & 3;
}
