namespace FolioRuntime.Tests.Properties;

/// <summary>What calls may answer when they happen one after another. States are compared by value.</summary>
internal interface ISequentialModel<TState, TCall, TResult>
{
    TState Initial { get; }

    /// <summary>How many atomic steps a call consists of, 1 or 2; others' may come between.</summary>
    int StepsOf(HistoryCall<TCall, TResult> call);

    /// <summary>The state after a step of a call. False: in this state the call can't answer as it did.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="call">The call and its answer.</param>
    /// <param name="number">Which call of the history it is.</param>
    /// <param name="step">0, or 1 for the second step.</param>
    /// <param name="isAlone">No other thread's call was under way at any time during this one.</param>
    /// <param name="next">The state after.</param>
    bool TryStep(TState state, HistoryCall<TCall, TResult> call, int number, int step, bool isAlone, out TState next);
}
