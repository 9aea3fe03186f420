using FolioRuntime.Scale.Returning;
using NUnit.Framework;

namespace FolioRuntime.Tests.Scale;

/// <summary>The series of resident memory that folio-scale keeps of a fill and its return.</summary>
internal sealed class CourseSeriesTests
{
    [Test]
    public void As_long_as_there_is_room_everything_is_kept()
    {
        var series = After(CourseSeries.MostPoints, _ => "full");
        Assert.That(series.Points.Select(point => point.RssBytes), Is.EqualTo(Enumerable.Range(0, CourseSeries.MostPoints).Select(i => (long)i)));
        Assert.That(series.Points[^1].Seconds, Is.EqualTo((CourseSeries.MostPoints - 1) * 0.001).Within(1e-12));
    }

    [TestCase(201)]
    [TestCase(555)]
    [TestCase(12_345)]
    public void However_long_it_takes_the_points_are_few_and_each_phase_has_its_first(int count)
    {
        string PhaseOf(int number) => number < 3 ? "before" : number < count - 1 ? "filling" : "full";
        var points = After(count, PhaseOf).Points;
        Assert.That(points, Has.Count.InRange(CourseSeries.MostPoints / 2, CourseSeries.MostPoints));
        Assert.That(points.Select(point => point.RssBytes), Is.Ordered.And.Unique);
        foreach (var first in (int[])[0, 3, count - 1])
            Assert.That(points.First(point => point.Phase == PhaseOf(first)).RssBytes, Is.EqualTo(first));
        Assert.That(points.All(point => point.Phase == PhaseOf((int)point.RssBytes)));
    }

    private static CourseSeries After(int count, Func<int, string> phaseOf)
    {
        var series = new CourseSeries();
        for (var i = 0; i < count; i++)
            series.Note(TimeSpan.FromMilliseconds(i), phaseOf(i), i);
        return series;
    }
}
