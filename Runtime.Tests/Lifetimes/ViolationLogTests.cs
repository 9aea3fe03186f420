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

    [Test]
    public void AViolationWithAllThatIsKnown_TellsItInOrder()
    {
        var rented = Track(3);
        var returned = Track(4);
        var violation = new Violation(ViolationKind.Corruption, "nodes", 7, 4, "torn", null)
        {
            TypeName = "Node",
            Dump = "00 01",
            RentedBy = rented,
            ReturnedBy = returned,
            Outstanding = [new OutstandingObject(8, 5, rented, null), new OutstandingObject(9, 5, rented, returned)],
        };
        Assert.Multiple(() =>
        {
            const string Sentence = "Corruption: nodes (Node), slot 7, generation 4: torn";
            var rest = $"\n00 01\nlast rented {rented}\nlast returned {returned}\nslot 8 was rented {rented}\nand no return is recorded\nslot 9 was rented {rented}\nand last returned {returned}";
            Assert.That(violation.ToString(), Is.EqualTo(Sentence + rest));
            Assert.That(violation.ToMessage(), Is.EqualTo($"{Sentence}.{rest}"));
            var live = violation with { ReturnedBy = null, Outstanding = [] };
            Assert.That(live.ToString(), Is.EqualTo($"{Sentence}\n00 01\nlast rented {rented}\nno return is recorded"));
        });
    }

    [Test]
    public void ATrackNamesThreadGenerationAndCalls_WithoutTheRuntimesOwnAtTheTop()
    {
        var track = Track(3);
        Assert.Multiple(() =>
        {
            Assert.That((track.Generation, track.ThreadId), Is.EqualTo((3u, Environment.CurrentManagedThreadId)));
            var lines = track.Stack.Split('\n');
            Assert.That(lines[0], Is.EqualTo($"   at {typeof(ViolationLogTests).FullName}.{nameof(Track)}"));
            Assert.That(lines[1], Is.EqualTo($"   at {typeof(ViolationLogTests).FullName}.{nameof(ATrackNamesThreadGenerationAndCalls_WithoutTheRuntimesOwnAtTheTop)}"));
            Assert.That(lines, Has.All.StartsWith("   at "));
            Assert.That(track.ToString(), Is.EqualTo($"by thread {track.ThreadId} in generation 3:\n{track.Stack}"));
        });
    }

    [Test]
    public void ATrackOmitsTheRuntimesOwnCallsAtTheTop_AndNotThoseBelow()
    {
        using var runtime = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 4 << 20 });
        var track = default(LifeTrack);
        runtime.ViolationDetected += _ => track = Track(1);
        using var cache = runtime.CreateCache<long>("tracked");
        Assert.That(() => cache.Return(default), Throws.InvalidOperationException);
        Assert.That(track!.Stack, Does.StartWith($"   at {typeof(ViolationLogTests).FullName}.{nameof(Track)}\n").And.Contain($"   at {typeof(ViolationLog).FullName}.{nameof(ViolationLog.Report)}\n"));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static LifeTrack Track(uint generation) => LifeTrack.Here(generation);
}
