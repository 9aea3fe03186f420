using FolioRuntime.Scale.Measurements;
using NUnit.Framework;

namespace FolioRuntime.Tests.Scale;

/// <summary>The series of resident memory that folio-scale keeps of a sample.</summary>
internal sealed class MemoryWatchTests
{
    [Test]
    public void As_long_as_there_is_room_everything_is_kept()
    {
        var watch = After(MemoryWatch.MostPoints);
        Assert.That(watch.Series.Select(point => point.Bytes), Is.EqualTo(Enumerable.Range(0, MemoryWatch.MostPoints).Select(i => (long)i)));
        Assert.That(watch.Series[^1].Seconds, Is.EqualTo((MemoryWatch.MostPoints - 1) * 0.001).Within(1e-12));
    }

    [TestCase(101)]
    [TestCase(250)]
    [TestCase(12_345)]
    public void However_long_it_takes_the_points_are_few_evenly_spaced_and_the_first_among_them(int count)
    {
        var watch = After(count);
        Assert.That(watch.Series, Has.Count.InRange(MemoryWatch.MostPoints / 2, MemoryWatch.MostPoints));
        Assert.That(watch.Series[0].Bytes, Is.Zero);
        var steps = watch.Series.Zip(watch.Series.Skip(1), (one, next) => next.Bytes - one.Bytes).Distinct().ToArray();
        Assert.That(steps, Has.Length.EqualTo(1));
        Assert.That(count - 1 - watch.Series[^1].Bytes, Is.LessThan(steps[0]));
    }

    [Test]
    public void The_peak_is_that_of_all_that_was_noted()
    {
        var watch = After(301);
        watch.Note(TimeSpan.FromSeconds(1), 1000);
        watch.Note(TimeSpan.FromSeconds(1), 1);
        Assert.That(watch.Series.Select(point => point.Bytes), Has.No.Member(1000L));
        Assert.That(watch.PeakBytes, Is.EqualTo(1000));
    }

    private static MemoryWatch After(int count)
    {
        var watch = new MemoryWatch();
        for (var i = 0; i < count; i++)
            watch.Note(TimeSpan.FromMilliseconds(i), i);
        return watch;
    }
}
