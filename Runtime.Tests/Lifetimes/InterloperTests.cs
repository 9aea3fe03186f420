extern alias instrumented;

using NUnit.Framework;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;

namespace FolioRuntime.Tests.Lifetimes;

/// <summary>What the interloper takes for an access of its subject.</summary>
[NonParallelizable]
public class InterloperTests
{
    private ulong _word;

    [Test]
    public void ItComesBeforeEachAccessAndAfterTheLast()
    {
        var seen = new List<ulong>();
        var schedules = Interloper.RunAll(() =>
        {
            _word = 0;
            return (
                () =>
                {
                    Atomics.Add(ref _word, 1);
                    Atomics.Add(ref _word, 1);
                }
            ,
                () => seen.Add(_word),
                () => { }
            );
        });
        Assert.That(schedules, Is.EqualTo(3));
        Assert.That(seen, Is.EqualTo(new ulong[] { 0, 1, 2 }));
    }

    // A finalizer may make an access at any moment, and the interloper would run on its thread, beside the subject.
    [Test]
    public void AnotherThreadsAccessesAreNotTheSubjects()
    {
        var here = Thread.CurrentThread;
        var schedules = Interloper.RunAll(() =>
        {
            _word = 0;
            return (
                () =>
                {
                    var other = new Thread(() => Atomics.LoadAcquire(ref _word));
                    other.Start();
                    other.Join();
                    Atomics.Add(ref _word, 1);
                }
            ,
                () => Assert.That(Thread.CurrentThread, Is.SameAs(here)),
                () => { }
            );
        });
        Assert.That(schedules, Is.EqualTo(2));
    }
}
