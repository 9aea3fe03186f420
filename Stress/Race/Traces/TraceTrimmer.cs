namespace FolioRuntime.Race.Traces;

/// <summary>
/// Cuts what was recorded of a slot down to the steps that matter: from the publication of the life in which the guilty
/// call began, to the destructor. Lives between that one and the last are left out, and so are look-ups that failed and
/// calls that changed nothing. Calls are kept or dropped whole, so that what is left is a schedule that can be replayed.
/// <code>
///   …│ publish X … guilty put → 0 … destroyed │ (lives left out) │ publish Y … → 0 … guilty CAS, destructor X
/// </code>
/// </summary>
internal static class TraceTrimmer
{
    /// <summary>The trace, or null where the recording doesn't reach back far enough or others interfered from outside it.</summary>
    /// <param name="protocol">The protocol's name.</param>
    /// <param name="scenario">The scenario's name.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="guilty">The call that did it.</param>
    /// <param name="steps">What was recorded of the slot, up to the violation.</param>
    public static Trace? Trim(string protocol, string scenario, ulong seed, OpenCall guilty, IReadOnlyList<RecordedStep> steps)
    {
        var all = steps.ToList();
        var guiltyStart = all.FindIndex(step => step.Call == guilty);
        var start = guiltyStart < 0 ? -1 : all.FindLastIndex(guiltyStart, IsPublication);
        if (start < 0)
            return null;
        var firstEnd = all.FindIndex(start + 1, IsPublication);
        firstEnd = firstEnd < 0 ? all.Count : firstEnd;
        var lastStart = all.FindLastIndex(IsPublication);
        var livesLeftOut = Math.Max(0, all.Skip(start).Count(step => IsPublication(step)) - 2);

        var kept = new List<OpenCall>();
        for (var i = start; i < all.Count; i++)
        {
            var call = all[i].Call;
            var isInside = i < firstEnd || i >= lastStart;
            if (isInside && !kept.Contains(call) && BeginsAt(all, i) && Matters(call, all))
                kept.Add(call);
        }

        var window = all.Skip(start).ToList();
        var beganBefore = all.Take(start).Select(step => step.Call).ToHashSet();
        if (window.Any(step => step.ChangesWord && beganBefore.Contains(step.Call) && !IsFailedGet(step.Call)))
            return null;
        return Build(protocol, scenario, seed, livesLeftOut, kept, window);
    }

    private static Trace Build(string protocol, string scenario, ulong seed, int livesLeftOut, List<OpenCall> kept, List<RecordedStep> window)
    {
        var threads = kept.Select(call => call.Thread).Distinct().ToList();
        var calls = kept.Select(call => new TraceCall(threads.IndexOf(call.Thread), call.Kind, call.Type, call.Object, call.Ended)).ToList();
        var steps = window
            .Where(step => kept.Contains(step.Call) && (step.Operation != TraceOperation.Load || step.Call.Kind == TraceCallKind.Peek))
            .Select(step => new TraceStep(kept.IndexOf(step.Call), step.Operation, step.Before, step.After, step.DestructorType, step.ContentType))
            .ToList();
        return new Trace(protocol, scenario, seed, livesLeftOut, calls, steps);
    }

    private static bool IsPublication(RecordedStep step) =>
        step.Operation == TraceOperation.Store && step.Call.Kind is TraceCallKind.Allocate or TraceCallKind.Rent;

    private static bool BeginsAt(List<RecordedStep> all, int index)
    {
        var call = all[index].Call;
        var first = all.FindIndex(step => step.Call == call && step.Operation != TraceOperation.Load);
        return first < 0 || first >= index;
    }

    private static bool IsFailedGet(OpenCall call) => call is { Kind: TraceCallKind.Get, Ended: true, Succeeded: false };

    private static bool Matters(OpenCall call, List<RecordedStep> all) =>
        !IsFailedGet(call) && all.Exists(step => step.Call == call && step.ChangesWord);
}
