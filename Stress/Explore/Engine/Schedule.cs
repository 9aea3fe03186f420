using System.Globalization;
using System.Text;

namespace FolioRuntime.Exploration.Engine;

/// <summary>
/// What was decided in one execution, in a line: <c>A3 B2.1 A4</c> is three steps of thread A, two of B the second of which was given the
/// newest value but one, four of A. The same string gives the same execution again.
/// </summary>
internal sealed class Schedule
{
    private readonly List<(int Thread, int Value)> _steps = [];

    public IReadOnlyList<(int Thread, int Value)> Steps => _steps;

    public void Add(int thread) => _steps.Add((thread, 0));

    /// <summary>The step added last was given this value, counted from the newest.</summary>
    public void GiveValue(int value) => _steps[^1] = (_steps[^1].Thread, value);

    public void Clear() => _steps.Clear();

    /// <exception cref="FormatException">The text is no schedule.</exception>
    public static Schedule Parse(string text)
    {
        var schedule = new Schedule();
        foreach (var run in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = run[1..].Split('.');
            if (run[0] is < 'A' or > 'Z' || parts.Length > 2 || !TryParse(parts[0], out var count) || count is < 1 or > 100_000)
                throw new FormatException($"'{run}' is no part of a schedule: a letter, a number of steps, and perhaps a point and a number.");
            for (var i = 0; i < count; i++)
                schedule.Add(run[0] - 'A');
            if (parts.Length == 2)
                schedule.GiveValue(TryParse(parts[1], out var value) ? value : throw new FormatException($"'{run}': no number behind the point."));
        }

        return schedule;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        for (var i = 0; i < _steps.Count;)
        {
            var thread = _steps[i].Thread;
            var count = 0;
            var value = 0;
            while (value == 0 && i < _steps.Count && _steps[i].Thread == thread)
            {
                value = _steps[i].Value;
                count++;
                i++;
            }

            text.Append(text.Length == 0 ? "" : " ").Append(LogicalThread.NameOf(thread)).Append(CultureInfo.InvariantCulture, $"{count}");
            if (value != 0)
                text.Append(CultureInfo.InvariantCulture, $".{value}");
        }

        return text.ToString();
    }

    private static bool TryParse(string digits, out int number) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
