using System.Globalization;
using FolioRuntime.Harness.Scaling;
using FolioRuntime.Primitives;

namespace FolioRuntime.Scale.Returning;

/// <summary>A course as a few lines of text: resident memory upwards from 0, time to the right, and below it when each phase began.</summary>
internal static class CoursePlot
{
    /// <summary>Columns of the plot itself.</summary>
    public const int Width = 72;

    /// <summary>Lines of the plot itself.</summary>
    public const int Height = 5;

    private const string Eighths = " ▁▂▃▄▅▆▇█";
    private const int StepsOfALine = 8;
    private const int LabelWidth = 11;

    /// <summary>The lines, the topmost first. Of no points: none.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<ReturnPoint> course)
    {
        if (course.Count == 0)
            return [];
        var most = Math.Max(1, course.Max(point => point.RssBytes));
        var columns = Columns(course).Select(bytes => (int)Math.Round((double)bytes / most * Height * StepsOfALine)).ToArray();
        return
        [
            .. Enumerable.Range(0, Height).Select(line => $"{LabelOf(line, most),LabelWidth} │{Line(columns, Height - 1 - line)}"),
            $"{"",LabelWidth} └{new string('─', Width)}",
            $"{"",LabelWidth}  {string.Join(", ", Phases(course))}",
        ];
    }

    /// <summary>The most that was seen in the time of each column; where nobody looked, what was seen before.</summary>
    private static long[] Columns(IReadOnlyList<ReturnPoint> course)
    {
        var (start, end) = (course[0].Seconds, course[^1].Seconds);
        var columns = new long?[Width];
        foreach (var point in course)
        {
            ref var column = ref columns[end > start ? (int)Math.Min(Width - 1, (point.Seconds - start) / (end - start) * Width) : 0];
            column = Math.Max(column ?? 0, point.RssBytes);
        }

        var last = course[0].RssBytes;
        return [.. columns.Select(column => last = column ?? last)];
    }

    private static string LabelOf(int line, long most) => line switch
    {
        0 => $"{new ByteCount(most)}",
        Height - 1 => "0",
        _ => "",
    };

    private static string Line(int[] columns, int fromBelow) =>
        string.Concat(columns.Select(steps => Eighths[Math.Clamp(steps - (fromBelow * StepsOfALine), 0, StepsOfALine)])).TrimEnd();

    private static IEnumerable<string> Phases(IReadOnlyList<ReturnPoint> course)
    {
        for (var i = 0; i < course.Count; i++)
        {
            if (i == 0 || course[i].Phase != course[i - 1].Phase)
                yield return string.Create(CultureInfo.InvariantCulture, $"{course[i].Phase} {course[i].Seconds:0.0} s");
        }

        yield return string.Create(CultureInfo.InvariantCulture, $"end {course[^1].Seconds:0.0} s");
    }
}
