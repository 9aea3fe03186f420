using System.CommandLine;
using FolioRuntime.Harness;
using FolioRuntime.Race.Hazards;
using FolioRuntime.Race.Jobs;
using FolioRuntime.Race.Protocols;
using FolioRuntime.Race.Workloads;

namespace FolioRuntime.Race;

/// <summary>The command line of folio-race.</summary>
internal static class RaceCommand
{
    private const double DefaultSeconds = 40;

    private static readonly string[] s_protocols = [.. ProtocolCatalog.All.Select(entry => entry.Name)];
    private const string AllHazards = "hazards";
    private const string Everything = "all";

    // What a run without --scenario runs.
    private static readonly string[] s_scenarios = [.. ScenarioCatalog.All.Select(scenario => scenario.Name), .. JobCatalog.SubjectScenarios.Select(job => job.Name)];

    private static readonly string[] s_hazards = [.. HazardCatalog.All.Select(hazard => hazard.Name)];

    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        using var interruption = new Interruption();
        return StressProgram.Run(Create(output, interruption.Token), arguments, output, error);
    }

    internal static RootCommand Create(TextWriter output, CancellationToken stop)
    {
        var shared = new SharedOptions(DefaultSeconds);
        var protocol = Choice("--protocol", "Only these protocols (default: all). Without a control a run can't pass.", s_protocols);
        var scenario = Choice("--scenario", $"Only these scenarios (default: those of the first two lists; '{AllHazards}': those of the third; '{Everything}': all).", [.. s_scenarios, .. s_hazards, AllHazards, Everything]);
        var list = new Option<bool>("--list") { Description = "Lists protocols and scenarios." };
        var files = new Option<DirectoryInfo?>("--files") { Description = "Files to cache and read back (default: the .NET installation).", HelpName = "DIR" };
        files.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<DirectoryInfo?>() is { Exists: false } missing)
                result.AddError($"--files: there is no directory '{missing}'.");
        });
        var explain = new Option<bool>("--explain") { Description = "Records caught violations and prints the shortest schedule of each as a timeline." };
        var trace = new Option<FileInfo?>("--trace") { Description = "Saves the shortest recorded schedule as JSON; implies --explain.", HelpName = "FILE" };
        var forge = new Option<long>("--forge") { Description = $"Forged handles to throw at a busy runtime (default: {ForgeJob.DefaultAttempts:N0}; 0: none).", HelpName = "N" }
            .Require(attempts => attempts >= 0, "0 or more");
        var hours = new Option<double?>("--hours") { Description = "Soaks: rounds of --seconds each, the seed one higher in each, until so many hours are over; each ends with a line on memory, which must stay steady.", HelpName = "N" };
        hours.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not (null or (> 0 and <= 10_000)))
                result.AddError("--hours must be above 0 and at most 10000.");
        });
        var root = new RootCommand(
            "Shows the published reference-count race happening to the published protocols and being rejected by the runtime. "
            + "Exit 0 pass, 1 violation, 2 inconclusive or interrupted, 3 unsupported, 64 usage.");
        shared.AddTo(root);
        foreach (var option in new Option[] { protocol, scenario, list, files, explain, trace, forge, hours })
            root.Add(option);
        root.SetAction(parsed =>
        {
            if (parsed.GetValue(list))
                return List(output);
            var options = new RaceOptions(
                parsed.GetValue(shared.Seconds),
                parsed.GetValue(shared.Threads),
                shared.SeedOf(parsed),
                parsed.GetValue(protocol) is { Length: > 0 } protocols ? protocols : s_protocols,
                parsed.GetValue(scenario) is { Length: > 0 } scenarios ? Expand(scenarios) : s_scenarios,
                parsed.GetValue(files)?.FullName,
                parsed.GetValue(shared.Json)?.FullName,
                parsed.GetValue(trace)?.FullName,
                parsed.GetValue(explain) || parsed.GetValue(trace) is not null,
                parsed.GetResult(forge) is null ? null : parsed.GetValue(forge))
            { Hours = parsed.GetValue(hours) };
            return new RaceRun(options, new ProgressView(output), stop).Run();
        });
        return root;
    }

    private static Option<string[]> Choice(string name, string description, string[] values)
    {
        var option = new Option<string[]>(name) { Description = description, AllowMultipleArgumentsPerToken = true };
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    private static string[] Expand(string[] scenarios) =>
        [.. scenarios.SelectMany(name => name switch { AllHazards => s_hazards, Everything => [.. s_scenarios, .. s_hazards], _ => [name] }).Distinct()];

    private static int List(TextWriter output)
    {
        output.WriteLine("Protocols:");
        foreach (var entry in ProtocolCatalog.All)
            output.WriteLine($"  {entry.Name,-14} {(entry.Role == ProtocolRole.Control ? "control" : "subject")}: {entry.Description}");
        output.WriteLine("Scenarios:");
        foreach (var scenario in ScenarioCatalog.All)
            output.WriteLine($"  {scenario.Name,-14} {scenario.Description}");
        foreach (var (name, description) in JobCatalog.SubjectScenarios)
            output.WriteLine($"  {name,-14} {description}");
        output.WriteLine("Hazards, by their numbers in docs/HAZARDS.md, each with the control that must be caught:");
        foreach (var hazard in HazardCatalog.All)
        {
            output.WriteLine($"  {hazard.Name,-20} {string.Join(", ", hazard.Numbers)}: {hazard.Words}");
            output.WriteLine($"  {"",-20} control: {hazard.Control}");
        }

        return ExitCode.Pass;
    }
}
