using System.CommandLine;
using FolioRuntime.Harness;

namespace FolioRuntime.Report;

/// <summary>The command line of folio-report.</summary>
internal static class ReportCommand
{
    private const string DefaultOutput = "scale-report";
    private const string DefaultBase = "array-pool";

    public static int Run(string[] arguments, TextWriter output, TextWriter error) => StressProgram.Run(Create(output, error), arguments, output, error);

    private static RootCommand Create(TextWriter output, TextWriter error)
    {
        var files = new Argument<string[]>("FILE") { Description = "What folio-scale --json and folio-cache trace --json wrote, of any number of machines and runs.", Arity = ArgumentArity.ZeroOrMore };
        files.Validators.Add(result =>
        {
            // The parser takes options that it doesn't know for files.
            foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-')))
                result.AddError($"There is no option '{token.Value}'.");
        });
        var compare = new Option<string[]>("--compare")
        {
            Description = "Two runs to compare: what became faster or slower, and whether by more than the spread.",
            AllowMultipleArgumentsPerToken = true,
            Arity = new ArgumentArity(2, 2),
            HelpName = "BEFORE AFTER",
        };
        var place = new Option<string>("--output")
        {
            Description = $"Where to: a folder, for {ReportOptions.PageName} and the plots, or the name of the page itself.",
            HelpName = "DIR|FILE.html",
            DefaultValueFactory = _ => DefaultOutput,
        };
        var basePeer = new Option<string>("--base")
        {
            Description = "The peer that times are relative to; where it takes no part, the first that does.",
            HelpName = "PEER",
            DefaultValueFactory = _ => DefaultBase,
        };
        var title = new Option<string?>("--title") { Description = "The page's title.", HelpName = "TEXT" };
        var noPng = new Option<bool>("--no-png") { Description = "Only the page, which has the plots in it; no images beside it." };
        var root = new RootCommand(
            "Makes a page with plots of what folio-scale measured, also with --memory-return, and of the miss ratios that folio-cache found: one HTML file that needs nothing else, and the plots as PNG beside it. "
            + "Exit 0 written, 64 usage, 65 a file that isn't there or isn't a result (nothing is written then), 73 the page can't be written.") { files, compare, place, basePeer, title, noPng };
        root.Validators.Add(result =>
        {
            if (result.GetResult(files) is null or { Tokens.Count: 0 } && result.GetResult(compare) is null)
                result.AddError("Name a FILE, or two with --compare.");
        });
        root.SetAction(parsed =>
        {
            var wanted = parsed.GetResult(basePeer) is { Implicit: false };
            var options = new ReportOptions(
                parsed.GetValue(files) ?? [], parsed.GetValue(compare) ?? [], parsed.GetValue(place)!, parsed.GetValue(basePeer)!, parsed.GetValue(title), !parsed.GetValue(noPng));
            return new ReportRun(options, output, error).Run(wanted);
        });
        return root;
    }
}
