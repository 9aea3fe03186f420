using CsCheck;
using FolioRuntime.Caching.Tracing;
using NUnit.Framework;

namespace FolioRuntime.Tests.Caching;

/// <summary>That the optimum is one, and that nobody beats it.</summary>
internal sealed class OptimumTests
{
    [Test]
    public void It_misses_as_little_as_the_best_of_all_choices() => Gen.Select(Gen.Int[0, 5].Array[1, 10], Gen.Int[1, 4], (keys, capacity) => (keys, capacity)).Sample(sample =>
    {
        var trace = Trace.Of("t", sample.keys.Select(key => (long)key));
        Assert.That(Optimum.Misses(trace, sample.capacity), Is.EqualTo(Least(trace.Pages, 0, [], sample.capacity)));
    });

    [Test]
    public void No_policy_misses_less_and_a_page_more_never_hurts_it() => Gen.Select(Gen.Int[0, 60].Array[1, 400], Gen.Int[3, 40], (keys, capacity) => (keys, capacity)).Sample(
        sample =>
        {
            var trace = Trace.Of("t", sample.keys.Select(key => (long)(key * key / 20)));
            var least = Optimum.Misses(trace, sample.capacity);
            Assert.That(Optimum.Misses(trace, sample.capacity + 1), Is.LessThanOrEqualTo(least));
            foreach (var subject in TraceSubjects.All)
                Assert.That(subject.Misses(trace, sample.capacity), Is.GreaterThanOrEqualTo(subject.Name.StartsWith("bitfaster", StringComparison.Ordinal) ? trace.Footprint : least), subject.Name);
        },
        iter: 50);

    [Test]
    public void The_default_keeps_a_part_of_a_loop_that_does_not_fit()
    {
        var trace = GeneratedTraces.All(1).Single(known => known.Name == "loop");
        var misses = TraceSubjects.All.Single(subject => subject.Name == "adaptive").Misses(trace, trace.Footprint / 2);
        Assert.That(misses, Is.LessThan(Optimum.Misses(trace, trace.Footprint / 2) * 1.05));
    }

    // Tries every victim.
    private static int Least(int[] pages, int time, int[] cached, int capacity)
    {
        if (time == pages.Length)
            return 0;
        if (cached.Contains(pages[time]))
            return Least(pages, time + 1, cached, capacity);
        if (cached.Length < capacity)
            return 1 + Least(pages, time + 1, [.. cached, pages[time]], capacity);
        return 1 + cached.Min(victim => Least(pages, time + 1, [.. cached.Where(page => page != victim), pages[time]], capacity));
    }
}
