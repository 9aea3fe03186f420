using FolioRuntime.Race.Forging;
using NUnit.Framework;

namespace FolioRuntime.Tests.Race;

/// <summary>Forged handles are refused unless they happen to be right, and a runtime that accepted others would be seen.</summary>
[TestFixture(32)]
[TestFixture(8)]
[TestFixture(3)]
internal sealed class ForgeWorkloadTests(int generationBits)
{
    [Test]
    public void Only_rightful_handles_are_accepted([Values(1, 4)] int threads)
    {
        var report = Run(Options(attempts: 100_000, threads));
        Assert.That(report.Attempts, Is.EqualTo(100_000));
        Assert.That(report.RightlyAccepted, Is.Positive, "the runtime was asked for live objects too");
        Assert.That(report.WronglyAccepted, Is.Zero, report.ToString());
        Assert.That(report.Damaged, Is.Zero, report.ToString());
        Assert.That(report.LeakedFrames, Is.Zero);
    }

    [Test]
    public void A_runtime_that_accepts_what_it_must_refuse_is_seen()
    {
        var refusals = 0;
        var report = Run(Options(attempts: 20_000, threads: 2) with
        {
            Patience = TimeSpan.FromMilliseconds(1),
            Lie = _ => Interlocked.Increment(ref refusals) % 100 == 0,
        });
        Assert.That(report.WronglyAccepted, Is.Positive);
    }

    [Test]
    public void Told_to_stop_it_gives_everything_back()
    {
        using var stop = new CancellationTokenSource();
        var report = new ForgeWorkload(Options(long.MaxValue, threads: 2)).Run(_ => stop.Cancel(), stop.Token);
        Assert.That(report.WronglyAccepted + report.Damaged + report.LeakedFrames, Is.Zero, report.ToString());
    }

    private static ForgeReport Run(ForgeOptions options) => new ForgeWorkload(options).Run(_ => { }, CancellationToken.None);

    private ForgeOptions Options(long attempts, int threads) =>
        new() { Attempts = attempts, Threads = threads, Seed = 7, GenerationBits = generationBits };
}
