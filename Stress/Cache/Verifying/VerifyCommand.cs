using System.CommandLine;
using FolioRuntime.Harness;

namespace FolioRuntime.Caching.Verifying;

/// <summary>The command line of folio-cache verify.</summary>
internal static class VerifyCommand
{
    private const double DefaultSeconds = 60;
    private const int DefaultPages = 64;
    private const int DefaultFaultOneIn = 200;

    public static Command Create(TextWriter output, CancellationToken stop)
    {
        var shared = new SharedOptions(DefaultSeconds);
        var files = new Option<DirectoryInfo?>("--files")
        {
            Description = $"Also reads files under this folder, the first {RegularFile.MostFiles} of up to {RegularFile.LongestBytes >> 20} MiB. They are not changed, and must not be while it runs.",
            HelpName = "DIR",
        };
        files.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<DirectoryInfo?>() is { Exists: false } missing)
                result.AddError($"--files: there is no directory '{missing}'.");
        });
        var pages = new Option<int>("--pages") { Description = $"Pages that the cache holds, of {VerifyScene.GeneratedFiles * VerifyScene.GeneratedPages} generated ones.", DefaultValueFactory = _ => DefaultPages, HelpName = "N" }
            .Require(count => count is >= 16 and <= 1_000_000, "from 16 to 1000000");
        var faults = new Option<int>("--fault-one-in") { Description = "One in so many calls of a file fails; 0: none.", DefaultValueFactory = _ => DefaultFaultOneIn, HelpName = "N" }
            .Require(count => count >= 0, "0 or more");
        var control = new Option<string?>("--control") { Description = $"Instead: one control alone, which must fail: {string.Join(", ", VerifyControl.All.Select(known => known.Name))}.", HelpName = "NAME" };
        control.AcceptOnlyFromAmong([.. VerifyControl.All.Select(known => known.Name)]);
        var command = new Command(
            "verify",
            "Reads files through a page cache with hardly any memory, by every way and from many threads, while pages are given up and files are changed, cut off and fail; every byte is compared. "
            + "Exit 0 no wrong byte and the controls caught, 1 a wrong byte, 2 interrupted or a control not caught, 64 usage.")
        { files, pages, faults, control };
        shared.AddTo(command);
        command.SetAction(parsed =>
        {
            var options = new VerifyOptions(
                parsed.GetValue(shared.Seconds), parsed.GetValue(shared.Threads), shared.SeedOf(parsed), parsed.GetValue(files)?.FullName, parsed.GetValue(pages), parsed.GetValue(faults),
                parsed.GetValue(control), parsed.GetValue(shared.Json)?.FullName);
            return new VerifyRun(options, [.. VerifyControl.All.Where(known => options.Control is null || known.Name == options.Control)], output, stop).Run();
        });
        return command;
    }
}
