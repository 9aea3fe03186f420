using System.Text;
using FolioRuntime.Harness;
using FolioRuntime.Report.Boxes;
using FolioRuntime.Report.Comparisons;
using FolioRuntime.Report.Inputs;
using FolioRuntime.Report.Pages;
using FolioRuntime.Report.Plots;

namespace FolioRuntime.Report;

/// <summary>Reads everything, draws everything, and only then writes: the plots first, the page last, so that a page that is there is complete.</summary>
internal sealed class ReportRun(ReportOptions options, TextWriter output, TextWriter error)
{
    /// <param name="isBaseAsked">Whether the base peer was asked for, and so must be there.</param>
    public int Run(bool isBaseAsked)
    {
        try
        {
            var files = options.Files.Select(ResultFileReader.Read).ToArray();
            var scales = files.Select(file => file.Scale).OfType<ScaleFile>().ToArray();
            var boxes = BoxGrouping.Of([.. scales.Where(file => file.Report.Results.Count > 0)]);
            ScaleFile[] returns = [.. scales.Where(file => file.Report.MemoryReturn is { Count: > 0 })];
            var traces = files.Select(file => file.Trace).OfType<TraceFile>().ToArray();
            var comparison = options.Compare is [var before, var after] ? RunComparison.Of(ScaleFileReader.Read(before), ScaleFileReader.Read(after)) : null;
            var peers = boxes.SelectMany(box => box.Peers).Distinct().ToArray();
            if (isBaseAsked && boxes.Count > 0 && !peers.Contains(options.BasePeer))
            {
                error.WriteLine($"--base: no file has a peer '{options.BasePeer}'; there are {string.Join(", ", peers)}.");
                return ExitCode.Usage;
            }

            if (!ChartSheet.HasFonts)
                output.WriteLine("There are no fonts here: the plots have no text. The page's tables say everything.");
            var title = boxes.Count > 0 || comparison is not null ? ReportOptions.ScaleTitle : traces.Length > 0 ? ReportOptions.TraceTitle : ReportOptions.ReturnTitle;
            return Write(new ContentBuilder(options.BasePeer).Build(options.Title ?? title, boxes, comparison, traces, returns));
        }
        catch (InvalidFileException wrong)
        {
            error.WriteLine(wrong.Message);
            return ExitCode.WrongInput;
        }
    }

    private int Write(ReportContent content)
    {
        var page = Encoding.UTF8.GetBytes(PageRenderer.Render(content));
        var folder = Path.GetDirectoryName(options.Page)!;
        var charts = content.Charts.ToArray();
        try
        {
            foreach (var chart in options.WritePngs ? charts : [])
                WholeFile.Write(Path.Combine(folder, $"{chart.Name}.png"), stream => stream.Write(chart.Png));
            WholeFile.Write(options.Page, stream => stream.Write(page));
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"{options.Page}: it can't be written ({refusal.Message.TrimEnd('.')}).");
            return ExitCode.CannotWrite;
        }

        output.WriteLine($"{options.Page}: {charts.Length} plots{(options.WritePngs ? ", also as PNG beside it" : "")}");
        return ExitCode.Pass;
    }
}
