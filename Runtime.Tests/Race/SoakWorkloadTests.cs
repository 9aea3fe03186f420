using FolioRuntime.Race.Soaking;
using NUnit.Framework;

namespace FolioRuntime.Tests.Race;

/// <summary>A runtime whose generations run out: from the first to the last of them, for widths that a test can wait for.</summary>
[TestFixture(2)]
[TestFixture(3)]
[TestFixture(4)]
internal sealed class SoakWorkloadTests(int generationBits)
{
    [Test]
    public void A_whole_life_breaks_no_promise_and_ends_with_a_clear_error([Values(1, 4)] int threads)
    {
        var report = Run(threads);
        Assert.That(report.Violations, Is.Zero, report.ToString());
        Assert.That(report.BeyondBound, Is.Zero);
        Assert.That(report.LivesEnded, Is.EqualTo(1));
        Assert.That(report.WordsRetired, Is.Positive);
        Assert.That(report.SlabsGivenBack, Is.Positive);
        Assert.That(report.StaleRejected, Is.Positive);
        Assert.That(report.LastWords, Does.Contain("No object of cache 'soak-4096' is left"));
        Assert.That(report.LastWords, Does.Contain("retired 2 MiB"), "all of it");
    }

    [Test]
    public void More_lost_than_the_bound_shows()
    {
        var sample = new LossSample(SlabBytes: 1000, WornBytes: 100, LostBytes: 550, RetiredPageBytes: 0, CommittedBytes: 2000, WordsRetired: 0, SlabsGivenBack: 0);
        Assert.That(sample.IsWithinBound, Is.True);
        Assert.That((sample with { LostBytes = 551 }).IsWithinBound, Is.False);
    }

    [Test]
    public void Told_to_stop_it_returns_everything()
    {
        using var stop = new CancellationTokenSource();
        var report = new SoakWorkload(Options(threads: 2) with { GenerationBits = 32 }).Run(_ => stop.Cancel(), stop.Token);
        Assert.That(report.Violations, Is.Zero, report.ToString());
        Assert.That(report.LivesEnded, Is.Zero);
    }

    private SoakReport Run(int threads) => new SoakWorkload(Options(threads)).Run(_ => { }, CancellationToken.None);

    private SoakOptions Options(int threads) =>
        new() { Threads = threads, Seed = 3, Time = TimeSpan.FromHours(1), Lives = 1, GenerationBits = generationBits };
}
