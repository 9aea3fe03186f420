using FolioRuntime.PageCaching;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>What is read ahead, decided from misses and markers alone.</summary>
public sealed class ReadaheadPlannerTests
{
    private const int Most = 32;

    [Test]
    public void Windows_end_where_large_folios_do()
    {
        var planner = new ReadaheadPlanner(Most, largestOrder: 4);
        var window = planner.Missed(0, PageAdvice.Normal);
        Assert.That((window.First, window.Count), Is.EqualTo((1L, 3)));
        foreach (var (first, count) in (ReadOnlySpan<(long, int)>)[(4, 4), (8, 8), (16, 16), (32, 32), (64, 32)])
        {
            window = planner.Reached(window.Marker);
            Assert.That(window, Is.EqualTo(new ReadaheadWindow(first, count, 1, Marker: first)));
        }

        // Somewhere in the middle: as soon as there is room for one.
        planner.Missed(1001, PageAdvice.Normal);
        window = planner.Missed(1002, PageAdvice.Normal);
        Assert.That((window.First, window.Count), Is.EqualTo((1003L, 1)));
        window = planner.Reached(window.Marker);
        Assert.That((window.First, window.Count), Is.EqualTo((1004L, 4)));
        window = planner.Reached(window.Marker);
        Assert.That((window.First, window.Count), Is.EqualTo((1008L, 8)));
    }

    [Test]
    public void From_the_beginning_windows_follow_each_other_and_double_up_to_the_limit()
    {
        var planner = new ReadaheadPlanner(Most);
        var window = planner.Missed(0, PageAdvice.Normal);
        Assert.That(window, Is.EqualTo(new ReadaheadWindow(First: 1, Count: 3, Stride: 1, Marker: 2)));
        foreach (var (first, count) in ((long, int)[])[(4, 8), (12, 16), (28, 32), (60, 32)])
        {
            window = planner.Reached(window.Marker);
            Assert.That(window, Is.EqualTo(new ReadaheadWindow(first, count, 1, Marker: first)));
        }
    }

    [Test]
    public void A_reader_that_is_faster_than_the_store_begins_the_next_window_by_a_miss()
    {
        var planner = new ReadaheadPlanner(Most);
        planner.Missed(0, PageAdvice.Normal);
        Assert.That(planner.Missed(4, PageAdvice.Normal), Is.EqualTo(new ReadaheadWindow(5, 7, 1, Marker: 8)));
    }

    [Test]
    public void In_the_middle_two_misses_in_a_row_are_needed()
    {
        var planner = new ReadaheadPlanner(Most);
        Assert.That(planner.Missed(100, PageAdvice.Normal).Count, Is.Zero);
        Assert.That(planner.Missed(101, PageAdvice.Normal), Is.EqualTo(new ReadaheadWindow(102, 3, 1, Marker: 103)));
    }

    [TestCase(7)]
    [TestCase(-3)]
    public void A_stride_is_known_by_three_misses(int stride)
    {
        var planner = new ReadaheadPlanner(Most);
        Assert.That(planner.Missed(1000, PageAdvice.Normal).Count, Is.Zero);
        Assert.That(planner.Missed(1000 + stride, PageAdvice.Normal).Count, Is.Zero);
        var window = planner.Missed(1000 + (2 * stride), PageAdvice.Normal);
        Assert.That(window, Is.EqualTo(new ReadaheadWindow(1000 + (3 * stride), 3, stride, Marker: 1000 + (4 * stride))));
        Assert.That(planner.Reached(window.Marker), Is.EqualTo(new ReadaheadWindow(1000 + (6 * stride), 8, stride, Marker: 1000 + (6 * stride))));
    }

    [Test]
    public void Here_and_there_nothing_is_read_ahead()
    {
        var planner = new ReadaheadPlanner(Most);
        var random = new Random(1);
        var ahead = Enumerable.Range(0, 1000).Sum(_ => planner.Missed(1 + random.NextInt64(1L << 30), PageAdvice.Normal).Count);
        Assert.That(ahead, Is.Zero);
    }

    [Test]
    public void A_page_that_was_gone_before_it_was_read_halves_the_windows_of_its_stream()
    {
        var planner = new ReadaheadPlanner(Most);
        var window = planner.Missed(0, PageAdvice.Normal);
        for (var i = 0; i < 3; i++)
            window = planner.Reached(window.Marker);
        Assert.That(window.Count, Is.EqualTo(32));
        Assert.That(planner.Missed(window.First + 5, PageAdvice.Normal), Is.EqualTo(new ReadaheadWindow(window.First + 6, 15, 1, Marker: window.First + 13)));
        Assert.That(planner.Missed(window.First + 21, PageAdvice.Normal).Count, Is.EqualTo(15), "the limit stays");
        for (var i = 0; i < 5; i++)
            window = planner.Missed(window.First + 22, PageAdvice.Normal);
        Assert.That(window.Count, Is.AtMost(7));
    }

    [Test]
    public void Several_readers_have_windows_of_their_own()
    {
        var planner = new ReadaheadPlanner(Most);
        for (var reader = 1; reader <= 4; reader++)
            planner.Missed(10_000 * reader, PageAdvice.Normal);
        for (var reader = 1; reader <= 4; reader++)
            Assert.That(planner.Missed((10_000 * reader) + 1, PageAdvice.Normal).Count, Is.EqualTo(3));
        for (var reader = 1; reader <= 4; reader++)
            Assert.That(planner.Missed((10_000 * reader) + 5, PageAdvice.Normal).Count, Is.EqualTo(7));
    }

    [Test]
    public void An_advice_decides()
    {
        var planner = new ReadaheadPlanner(Most);
        Assert.That(planner.Missed(0, PageAdvice.Random).Count, Is.Zero);
        Assert.That(planner.Missed(500, PageAdvice.Sequential), Is.EqualTo(new ReadaheadWindow(501, 31, 1, Marker: 516)));
    }

    [Test]
    public void A_limit_of_one_page_reads_nothing_ahead()
    {
        var planner = new ReadaheadPlanner(1);
        Assert.That(planner.Missed(0, PageAdvice.Normal).Count, Is.Zero);
        Assert.That(planner.Missed(1, PageAdvice.Normal).Count, Is.Zero);
    }
}
