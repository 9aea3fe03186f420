using System.CommandLine;
using FolioRuntime.Harness;

namespace FolioRuntime.Caching.Killing;

/// <summary>The command line of folio-cache kill, and of the writer that it starts.</summary>
internal static class KillCommand
{
    /// <summary>The sub-command that a writer is started by.</summary>
    public const string WriterName = "kill-writer";

    private const int DefaultKills = 200;

    public static Command Create(TextWriter output, CancellationToken stop)
    {
        var kills = new Option<int>("--kills") { Description = "How often.", DefaultValueFactory = _ => DefaultKills, HelpName = "N" }.Require(count => count is >= 1 and <= 1_000_000, "from 1 to 1000000");
        var seed = new Option<ulong?>("--seed") { Description = "Of what is written; the moments of the kills repeat as far as processes allow. Default: a random one, printed." };
        var directory = new Option<DirectoryInfo?>("--directory") { Description = "Where to write the files, which stay there. Default: a temporary folder, which doesn't.", HelpName = "DIR" };
        directory.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<DirectoryInfo?>() is { Exists: false } missing)
                result.AddError($"--directory: there is no directory '{missing}'.");
        });
        var control = new Option<string?>("--control") { Description = $"Instead: one control alone, which must fail: {string.Join(", ", KillSubject.Controls.Select(known => known.Name))}.", HelpName = "NAME" };
        control.AcceptOnlyFromAmong([.. KillSubject.Controls.Select(known => known.Name)]);
        var json = SharedOptions.JsonOption();
        var command = new Command(
            "kill",
            "Kills a process that writes through a page cache, at a random moment, again and again over one file; after each kill everything that was flushed must be there, and every page be one that was written. "
            + "Exit 0 so it was and the controls caught, 1 it wasn't, 2 interrupted or a control not caught, 64 usage.")
        { kills, seed, directory, control, json };
        command.SetAction(parsed => new KillRun(
            new KillOptions(
                parsed.GetValue(kills), parsed.GetValue(seed) ?? (ulong)Random.Shared.Next(1, int.MaxValue), parsed.GetValue(directory)?.FullName, parsed.GetValue(control), parsed.GetValue(json)?.FullName),
            output, stop).Run());
        return command;
    }

    /// <summary>Not for users: it writes until it is killed, or its input ends.</summary>
    public static Command CreateWriter(TextReader input, TextWriter output)
    {
        var subject = new Argument<string>("SUBJECT");
        var path = new Argument<string>("FILE");
        var seed = new Argument<ulong>("SEED");
        var life = new Argument<int>("LIFE");
        var command = new Command(WriterName, "Writes until it is killed.") { subject, path, seed, life };
        command.Hidden = true;
        command.SetAction(parsed => new KillWriter(
            KillSubject.Find(parsed.GetValue(subject)!), parsed.GetValue(path)!, parsed.GetValue(seed), parsed.GetValue(life), input, output).Run());
        return command;
    }
}
