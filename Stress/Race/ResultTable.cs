using FolioRuntime.Harness;
using FolioRuntime.Race.Results;

namespace FolioRuntime.Race;

/// <summary>The one table at the end.</summary>
internal static class ResultTable
{
    public static void Print(RaceResults results, ProgressView view)
    {
        var rows = results.Protocols.Select(protocol => (string[])
        [
            protocol.Name,
            protocol.Role,
            $"{protocol.Operations:N0}",
            $"{protocol.Violations:N0}",
            $"{results.Units.Where(unit => unit.Protocol == protocol.Name).Sum(unit => unit.Strangers):N0}",
            $"{protocol.StaleRejected:N0}",
            protocol.IsControl ? "" : $"{results.Units.Where(unit => unit.Protocol == protocol.Name).Sum(unit => unit.Refused):N0}",
        ]).ToList();
        view.Line("");
        if (rows.Count > 0)
            view.Table(["protocol", "role", "operations", "violations", "stale\naccepted", "stale\nrejected", "race\nrefused"], rows);
        PrintStrength(results, view);
        view.Line("");
        if (results.Files is { } files)
            view.Line($"files: {files.Count:N0} files, {files.Bytes:N0} bytes read back, {files.Mismatches:N0} mismatches{files.Remark}");
        if (results.Forged is { } forged)
            view.Line($"forged handles: {forged.Attempts:N0} tried, {forged.RightlyAccepted:N0} rightly accepted, {forged.WronglyAccepted:N0} wrongly accepted, {forged.Damaged:N0} live objects damaged");
        if (results.Soaked is { } soaked)
            view.Line($"generations running out: {soaked.Remark}");
    }

    private static void PrintStrength(RaceResults results, ProgressView view)
    {
        var strength = DetectorStrength.Of(results);
        if (strength.Count == 0)
            return;
        view.Line("");
        view.Table(
            ["control", "operations", "violations", "operations\nper violation"],
            [.. strength.Select(line => (string[])[line.Control, $"{line.Operations:N0}", $"{line.Violations:N0}", line.OperationsPerViolation is { } each ? $"{each:N0}" : "not caught"])]);
    }
}
