namespace FolioRuntime.Race.Results;

/// <summary>What a run proved, in one word, one sentence and one exit code.</summary>
internal sealed record Verdict(string Word, int ExitCode, string Sentence)
{
    /// <summary>
    /// Decides, worst news first: a violation of the subject stands whatever else happened; an interrupted run proves
    /// nothing; and without a control that was caught in the same run a clean subject proves nothing either.
    /// </summary>
    /// <param name="results">What was found.</param>
    /// <param name="interrupted">The run was cut short.</param>
    public static Verdict Of(RaceResults results, bool interrupted)
    {
        var protocols = results.Protocols;
        var subjects = protocols.Where(protocol => !protocol.IsControl).ToList();
        var controls = protocols.Where(protocol => protocol.IsControl).ToList();
        var wrong = WhatIsWrong(results, subjects);
        if (interrupted)
        {
            return wrong is null
                ? new Verdict("interrupted", Harness.ExitCode.Inconclusive, "Interrupted: what was seen so far is above, and proves nothing.")
                : new Verdict("interrupted", Harness.ExitCode.Violation, $"Interrupted, after {wrong}.");
        }

        if (wrong is not null)
            return new Verdict("violation", Harness.ExitCode.Violation, $"The runtime broke its promise: {wrong}.");

        var open = WhatIsOpen(results, subjects, controls);
        if (open is not null)
            return new Verdict("inconclusive", Harness.ExitCode.Inconclusive, $"Inconclusive: {open}.");

        var caught = string.Join(" and ", controls.Select(control => $"{control.Name} {control.Violations:N0} times"));
        return new Verdict("pass", Harness.ExitCode.Pass,
            $"Pass: the same workload with the same pauses caught {caught}, and the runtime never, in {subjects.Sum(subject => subject.Operations):N0} operations.");
    }

    private static string? WhatIsWrong(RaceResults results, List<ProtocolResult> subjects)
    {
        if (subjects.Find(subject => subject.Violations > 0) is { } broken)
            return $"{broken.Violations:N0} violations of {broken.Name}";
        if (results.Files is { Mismatches: > 0 } files)
            return $"{files.Mismatches:N0} reads that differ from the file";
        if (results.Files is { Violations: > 0 } cached)
            return $"{cached.Violations:N0} handles of cached files that worked when they mustn't, or the other way round, or frames lost";
        if (results.Soaked is { Violations: > 0 } soaked)
            return $"{soaked.Violations:N0} violations while generations ran out";
        if (results.Forged is { Damaged: > 0 } damaging)
            return $"{damaging.Damaged:N0} live objects damaged, or frames lost, by forged handles";
        return results.Forged is { WronglyAccepted: > 0 } forged ? $"{forged.WronglyAccepted:N0} forged handles accepted" : null;
    }

    private static string? WhatIsOpen(RaceResults results, List<ProtocolResult> subjects, List<ProtocolResult> controls)
    {
        if (controls.Find(control => control.Violations == 0) is { } behaved)
            return $"the control {behaved.Name} was not caught, so this run can't catch anything";
        if (controls.Count == 0)
            return "no control ran beside it, so nothing shows that this run could have caught anything";
        if (subjects.Count == 0)
            return "the controls were caught, but the runtime was not run";
        if (subjects.Find(subject => subject.StaleRejected == 0) is { } idle)
            return $"{idle.Name} was never asked for a stale handle";
        if (results.Files is { Count: 0 })
            return "there were no files to read";
        return results.Forged is { RightlyAccepted: 0 } ? "no forged handle ever named a live object, so accepting one was never possible" : null;
    }
}
