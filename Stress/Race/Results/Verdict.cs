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

        var open = WhatIsOpen(results, protocols, subjects, controls);
        if (open is not null)
            return new Verdict("inconclusive", Harness.ExitCode.Inconclusive, $"Inconclusive: {open}.");

        return new Verdict("pass", Harness.ExitCode.Pass,
            $"Pass: the same workload with the same pauses caught {Caught(results, controls)}, and the runtime never, in {subjects.Sum(subject => subject.Operations) + results.Hazards.Sum(hazard => hazard.Subject.Operations):N0} operations.");
    }

    private static string Caught(RaceResults results, List<ProtocolResult> controls)
    {
        var caught = controls.Select(control => $"{control.Name} {control.Violations:N0} times").ToList();
        if (results.Hazards.Count > 0)
            caught.Add($"the controls of {results.Hazards.Count} hazards {results.Hazards.Sum(hazard => hazard.Control.Violations):N0} times");
        return string.Join(" and ", caught);
    }

    private static string? WhatIsWrong(RaceResults results, List<ProtocolResult> subjects)
    {
        if (subjects.Find(subject => subject.Violations > 0) is { } broken)
            return $"{broken.Violations:N0} violations of {broken.Name}";
        if (results.Hazards.Find(hazard => hazard.Subject.Violations > 0) is { } met)
            return $"{met.Subject.Violations:N0} violations of {met.Name}, the first: {met.FirstViolation}";
        if (results.Files is { Mismatches: > 0 } files)
            return $"{files.Mismatches:N0} reads that differ from the file";
        if (results.Files is { Violations: > 0 } cached)
            return $"{cached.Violations:N0} handles of cached files that worked when they mustn't, or the other way round, or frames lost";
        if (results.Soaked is { Violations: > 0 } soaked)
            return $"{soaked.Violations:N0} violations while generations ran out";
        if (results.Forged is { Damaged: > 0 } damaging)
            return $"{damaging.Damaged:N0} live objects damaged, or frames lost, by forged handles";
        if (results.Memory is { IsKnown: true, IsSteady: false } memory)
            return memory.Remark;
        return results.Forged is { WronglyAccepted: > 0 } forged ? $"{forged.WronglyAccepted:N0} forged handles accepted" : null;
    }

    private static string? WhatIsOpen(RaceResults results, IReadOnlyList<ProtocolResult> protocols, List<ProtocolResult> subjects, List<ProtocolResult> controls)
    {
        if (controls.Find(control => control.Violations == 0) is { } behaved)
            return $"the control {behaved.Name} was not caught, so this run can't catch anything";
        if (results.Hazards.Find(hazard => hazard.Control.Violations == 0) is { } harmless)
            return $"the control of {harmless.Name} was not caught, so this run can't catch that hazard";
        if (results.Hazards.Find(hazard => hazard.Subject.Operations == 0) is { } unmet)
            return $"the runtime was not run under {unmet.Name}";
        if (results.Memory is { IsKnown: false } memory)
            return memory.Remark;
        if (protocols.Count == 0 && results.Hazards.Count > 0 && results is { Files: null, Forged: null, Soaked: null })
            return null;
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
