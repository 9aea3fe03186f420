using System.Globalization;
using FolioRuntime.Harness;
using FolioRuntime.Primitives;

namespace FolioRuntime.Scale.Returning;

/// <summary>What <c>--memory-return</c> does: small objects and pages, trimmed and left to themselves.</summary>
internal static class ReturnRun
{
    private const int SmallBytes = 64;
    private const int PageBytes = 4096;

    private static readonly TimeSpan s_alone = TimeSpan.FromSeconds(10);

    /// <summary>Measures and prints. Fails where more is left than may be, or more lies beside the objects of a large fill.</summary>
    public static int Run(long fillBytes, TextWriter output, CancellationToken stop)
    {
        output.WriteLine(MachineInfo.ThisMachine);
        output.WriteLine($"{new ByteCount(fillBytes)} of objects filled and returned; resident memory, what lies beside the objects and what is left, of the bytes filled");
        output.WriteLine("object bytes  way             before        full  beside  at most       after    left  at most");
        var measured = new MemoryReturn(fillBytes, SmallBytes, TimeProvider.System, () => stop.WaitHandle.WaitOne(s_alone), stop);
        var holds = true;
        foreach (var objectBytes in (int[])[SmallBytes, PageBytes])
        {
            foreach (var byItself in (bool[])[false, true])
            {
                var figures = measured.Measure(objectBytes, byItself);
                if (stop.IsCancellationRequested)
                    return ExitCode.Inconclusive;
                output.WriteLine(Line(figures));
                holds &= figures.Holds;
            }
        }

        return holds ? ExitCode.Pass : ExitCode.Violation;
    }

    private static string Line(ReturnFigures figures) => string.Create(
        CultureInfo.InvariantCulture,
        $"{figures.ObjectBytes,12}  {figures.Way,-9} {Text(figures.BeforeBytes),12} {Text(figures.FullBytes),11} {figures.BesidePercent,5:F2} %  {figures.MostBesidePercent,5:F0} % {Text(figures.AfterBytes),11} {figures.LeftPercent,5:F2} %  {figures.MostPercent,5:F0} %");

    private static string Text(long bytes) => new ByteCount(bytes).ToString();
}
