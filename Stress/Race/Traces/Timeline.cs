using FolioRuntime.Race.Protocols;

namespace FolioRuntime.Race.Traces;

/// <summary>A trace as text: one line a step, one column a thread, the word after each step at the left.</summary>
internal static class Timeline
{
    private const string Gap = "  ";

    public static IEnumerable<string> Of(Trace trace)
    {
        var cells = trace.Steps.Select((step, index) => Cell(trace, step, index)).ToList();
        var words = trace.Steps.Select(step => step.Operation == TraceOperation.Destroy ? "" : WordText.Of(trace.Protocol, step.After)).ToList();
        var wordWidth = words.Max(word => word.Length);
        var widths = Enumerable.Range(0, trace.Threads)
            .Select(thread => cells.Where((_, index) => ThreadOf(trace, index) == thread).Select(cell => cell.Length).DefaultIfEmpty(2).Max())
            .ToArray();

        yield return $"{trace.Protocol}, {trace.Scenario}: {Summary(trace)}";
        yield return Line("word", wordWidth, [.. Enumerable.Range(1, trace.Threads).Select(number => $"T{number}")], widths);
        for (var i = 0; i < cells.Count; i++)
        {
            if (trace.LivesLeftOut > 0 && i > 0 && IsPublication(trace, i) && i == LastPublication(trace))
                yield return $"  … {trace.LivesLeftOut} whole {(trace.LivesLeftOut == 1 ? "life" : "lives")} of the slot left out …";
            var columns = new string[trace.Threads];
            columns[ThreadOf(trace, i)] = cells[i];
            yield return Line(words[i], wordWidth, columns, widths);
        }
    }

    private static string Summary(Trace trace) => trace.WrongDestructors.LastOrDefault() is { } wrong
        ? $"destructor {TypeName(wrong.DestructorType)} ran on an object of type {TypeName(wrong.ContentType)}"
        : "no destructor ran on an object of another type";

    private static string Cell(Trace trace, TraceStep step, int index)
    {
        var call = trace.Calls[step.Call];
        var text = (step.Operation, call.Kind) switch
        {
            (TraceOperation.Destroy, _) when step.DestructorType == step.ContentType => $"destructor {TypeName(step.DestructorType)}, slot free",
            (TraceOperation.Destroy, _) => $"destructor {TypeName(step.DestructorType)} on an object of type {TypeName(step.ContentType)}",
            (TraceOperation.Store, TraceCallKind.Rent) => $"rents as type {TypeName(call.Type)}",
            (TraceOperation.Store, _) => $"allocates as type {TypeName(call.Type)}",
            (TraceOperation.Load, _) => "reads the count",
            (TraceOperation.Add, TraceCallKind.Get) => "try-get: +1",
            (TraceOperation.Add, TraceCallKind.Return) => "return: -1",
            (TraceOperation.Add, _) => "put: -1",
            _ when step.Before == step.After => "CAS fails",
            _ => $"CAS to {WordText.Of(trace.Protocol, step.After)} wins",
        };
        if (Resumes(trace, step, index))
            return $"resumes: {text}";
        if (Stalls(trace, step, index))
            return $"{text} … stalls";
        return IsCutOff(trace, step, index) ? $"{text} … about to CAS" : text;
    }

    // A call stalls where steps of other threads come between two of its own.
    private static bool Stalls(Trace trace, TraceStep step, int index) =>
        index + 1 < trace.Steps.Count && trace.Steps[index + 1].Call != step.Call && trace.Steps.Skip(index + 1).Any(later => later.Call == step.Call);

    private static bool Resumes(Trace trace, TraceStep step, int index) =>
        index > 0 && trace.Steps[index - 1].Call != step.Call && trace.Steps.Take(index).Any(earlier => earlier.Call == step.Call);

    private static bool IsCutOff(Trace trace, TraceStep step, int index) =>
        step is { Operation: TraceOperation.Add, After: 0 } && !trace.Calls[step.Call].Ended && trace.Steps.Skip(index + 1).All(later => later.Call != step.Call);

    private static bool IsPublication(Trace trace, int index) => trace.Steps[index].Operation == TraceOperation.Store;

    private static int LastPublication(Trace trace) => trace.Steps.ToList().FindLastIndex(step => step.Operation == TraceOperation.Store);

    private static int ThreadOf(Trace trace, int index) => trace.Calls[trace.Steps[index].Call].Thread;

    private static string TypeName(int type) => ProtocolCatalog.TypeName(type);

    private static string Line(string word, int wordWidth, string?[] columns, int[] widths) =>
        (Gap + word.PadRight(wordWidth) + string.Concat(columns.Select((column, thread) => Gap + (column ?? "").PadRight(widths[thread])))).TrimEnd();
}
