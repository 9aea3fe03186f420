using FolioRuntime.Harness.Scaling;
using FolioRuntime.Scale.Returning;
using NUnit.Framework;

namespace FolioRuntime.Tests.Scale;

/// <summary>The plot of resident memory that folio-scale prints.</summary>
internal sealed class CoursePlotTests
{
    private const long Most = 100 << 20;

    [Test]
    public void Of_nothing_there_is_nothing() => Assert.That(CoursePlot.Lines([]), Is.Empty);

    [Test]
    public void A_step_is_low_and_then_high_and_its_phases_are_named()
    {
        var lines = CoursePlot.Lines([new(0, "before", 0), new(5, "full", Most), new(10, "full", Most)]);
        Assert.That(lines, Has.Count.EqualTo(CoursePlot.Height + 2));
        var half = CoursePlot.Width / 2;
        Assert.That(lines.Take(CoursePlot.Height).Select(line => line[(line.IndexOf('│') + 1)..]), Is.All.EqualTo(new string(' ', half) + new string('█', half)));
        Assert.That(lines[0], Does.StartWith("    100 MiB │"));
        Assert.That(lines[^1].Trim(), Is.EqualTo("before 0.0 s, full 5.0 s, end 10.0 s"));
    }

    [Test]
    public void A_height_between_two_lines_is_drawn_in_eighths()
    {
        var lines = CoursePlot.Lines([new(0, "full", Most), new(10, "full", Most / 4)]);
        Assert.That(lines[CoursePlot.Height - 2], Does.EndWith("█▂"));
        Assert.That(lines[CoursePlot.Height - 1], Does.EndWith("██"));
    }

    [Test]
    public void A_single_point_is_drawn() => Assert.That(CoursePlot.Lines([new ReturnPoint(0, "before", 1)])[0], Does.EndWith("│" + new string('█', CoursePlot.Width)));

    [Test]
    public void A_short_peak_is_not_lost()
    {
        ReturnPoint[] course = [.. Enumerable.Range(0, 1000).Select(i => new ReturnPoint(i, "filling", i == 501 ? Most : 0))];
        Assert.That(CoursePlot.Lines(course)[0].Count(letter => letter == '█'), Is.EqualTo(1));
    }
}
