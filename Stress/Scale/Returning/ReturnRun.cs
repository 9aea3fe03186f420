using System.Globalization;
using FolioRuntime.Harness;
using FolioRuntime.Harness.Scaling;
using FolioRuntime.Primitives;

namespace FolioRuntime.Scale.Returning;

/// <summary>What <c>--memory-return</c> does: small objects and pages, trimmed and left to themselves.</summary>
internal static class ReturnRun
{
    private const int SmallBytes = 64;
    private const int PageBytes = 4096;
    private const int LeastFills = 2;
    private const int MostFills = 4;

    private static readonly TimeSpan s_stay = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a runtime is left to itself.</summary>
    public static TimeSpan Alone { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Measures, prints and draws; an interrupted run reports the rows that it has. Fails where more is left than may be, or more lies beside the objects of a large fill.</summary>
    /// <param name="fillBytes">Bytes of objects.</param>
    /// <param name="alone">How long a runtime is left to itself: <see cref="Alone"/>, for figures that mean something.</param>
    /// <param name="json">Where to write the result; null: nowhere.</param>
    /// <param name="output">Gets the figures and the plots.</param>
    /// <param name="stop">Ends it early.</param>
    /// <returns>The exit code.</returns>
    public static int Run(long fillBytes, TimeSpan alone, string? json, TextWriter output, CancellationToken stop)
    {
        output.WriteLine(MachineInfo.ThisMachine);
        output.WriteLine($"{new ByteCount(fillBytes)} of objects filled and returned; resident memory, what lies beside the objects and what is left, of the bytes filled");
        output.WriteLine("object bytes  way             before        full  beside  at most       after    left  at most");
        var rows = Measure(fillBytes, alone, output, stop);
        foreach (var figures in rows)
            Draw(figures, output);
        if (rows is [{ JudgesBeside: false }, ..])
            output.WriteLine($"What lies beside the objects is judged from {new ByteCount(ReturnFigures.LeastJudgedBytes)} on.");
        var (verdict, exitCode) = stop.IsCancellationRequested ? ("interrupted", ExitCode.Inconclusive)
            : ReturnFigures.AllHold(rows) ? ("pass", ExitCode.Pass) : ("violation", ExitCode.Violation);
        if (json is not null)
            JsonFile.Write(json, Report(verdict, rows), ScaleJson.Default.ScaleReport);
        return exitCode;
    }

    private static List<ReturnFigures> Measure(long fillBytes, TimeSpan alone, TextWriter output, CancellationToken stop)
    {
        var measured = new MemoryReturn(fillBytes, SmallBytes, TimeProvider.System, () => stop.WaitHandle.WaitOne(alone), () => stop.WaitHandle.WaitOne(s_stay), stop);
        var rows = new List<ReturnFigures>();
        foreach (var objectBytes in (int[])[SmallBytes, PageBytes])
        {
            // Both ways, and trimmed again where both have too much beside the objects: that may have been something else that the process took.
            var earlier = rows.Count;
            for (var fill = 0; fill < LeastFills || (fill < MostFills && !ReturnFigures.HoldBeside(rows[earlier..])); fill++)
            {
                if (measured.Measure(objectBytes, byItself: fill == 1) is not { } figures)
                    return rows;
                output.WriteLine(Line(figures));
                rows.Add(figures);
            }
        }

        return rows;
    }

    private static void Draw(ReturnFigures figures, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{figures.ObjectBytes} bytes, {figures.Way}: resident memory");
        foreach (var line in CoursePlot.Lines(figures.Course))
            output.WriteLine(line);
    }

    private static ScaleReport Report(string verdict, List<ReturnFigures> rows) => new(
        ScaleReport.CurrentSchema, ScaleReport.ToolName, verdict, MachineInfo.ThisMachine, Topology.ThisMachine, [], [], [],
        DateTimeOffset.UtcNow, MemoryReturn: [.. rows.Select(figures => figures.Row)]);

    private static string Line(ReturnFigures figures) => string.Create(
        CultureInfo.InvariantCulture,
        $"{figures.ObjectBytes,12}  {figures.Way,-9} {Text(figures.BeforeBytes),12} {Text(figures.FullBytes),11} {figures.BesidePercent,5:F2} %  {figures.MostBesidePercent,5:F0} % {Text(figures.AfterBytes),11} {figures.LeftPercent,5:F2} %  {figures.MostPercent,5:F0} %");

    private static string Text(long bytes) => new ByteCount(bytes).ToString();
}
