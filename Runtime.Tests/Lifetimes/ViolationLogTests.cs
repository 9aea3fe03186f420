using FolioRuntime.Lifetimes;
using NUnit.Framework;

namespace FolioRuntime.Tests.Lifetimes;

public class ViolationLogTests
{
    [Test]
    public void EveryKindIsCountedByItself_AndTold()
    {
        var log = new ViolationLog();
        var heard = new List<Violation>();
        log.Reported += heard.Add;
        var kinds = Enum.GetValues<ViolationKind>();
        foreach (var kind in kinds)
        {
            for (var times = 0; times <= (int)kind; times++)
                Assert.That(log.Report(kind, "folio", 3, 4), Is.SameAs(heard[^1]));
        }

        foreach (var kind in kinds)
        {
            Assert.That(log.Count(kind), Is.EqualTo((int)kind + 1));
            Assert.That(heard.Count(violation => violation.Kind == kind), Is.EqualTo((int)kind + 1));
        }

        Assert.That(log.ListenerFailures, Is.Zero);
    }

    [Test]
    public void AListenerThatThrowsIsCounted_AndNobodyElseNotices()
    {
        var log = new ViolationLog();
        log.Reported += _ => throw new InvalidTimeZoneException();
        log.Report(ViolationKind.Corruption, "nodes", 1, 2);
        log.Report(ViolationKind.Corruption, "nodes", 1, 2);
        Assert.That((log.Count(ViolationKind.Corruption), log.ListenerFailures), Is.EqualTo((2L, 2L)));
    }

    [Test]
    public void AViolationReadsAsOneSentence_WithItsDetailIfItHasOne()
    {
        var log = new ViolationLog();
        Assert.Multiple(() =>
        {
            Assert.That(log.Report(ViolationKind.StaleReturn, "nodes", 7, 9).ToString(), Is.EqualTo("StaleReturn: nodes, slot 7, generation 9"));
            Assert.That(log.Report(ViolationKind.Corruption, "nodes", 7, 0, "torn").ToString(), Is.EqualTo("Corruption: nodes, slot 7, generation 0: torn"));
        });
    }
}
