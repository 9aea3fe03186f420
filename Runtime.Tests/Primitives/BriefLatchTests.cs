using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Primitives;

/// <summary>The shipping brief latch on real threads; its protocol is explored by the scenes that begin with latch-.</summary>
public sealed class BriefLatchTests
{
    private const int Threads = 4;
    private const int Turns = 20_000;

    [Test]
    public void Sections_exclude_each_other()
    {
        var latch = new BriefLatch();
        var count = 0;
        TestThreads.Run(Threads, _ =>
        {
            for (var turn = 0; turn < Turns; turn++)
            {
                using (latch.Hold())
                    count++;
            }
        });
        Assert.That(count, Is.EqualTo(Threads * Turns));
    }

    [Test]
    public void Those_who_come_too_late_get_in_when_it_is_given_back()
    {
        var latch = new BriefLatch();
        var inside = 0;
        using var come = new CountdownEvent(Threads);
        var late = new Thread[Threads];
        using (latch.Hold())
        {
            for (var i = 0; i < Threads; i++)
            {
                late[i] = new Thread(() =>
                {
                    come.Signal();
                    using (latch.Hold())
                        inside++;
                });
                late[i].Start();
            }

            come.Wait();
            Assert.That(inside, Is.Zero);
        }

        foreach (var thread in late)
            thread.Join();
        Assert.That(inside, Is.EqualTo(Threads));
    }

    [Test]
    public void It_is_given_back_when_an_exception_passes()
    {
        var latch = new BriefLatch();
        Assert.That(
            () =>
            {
                using (latch.Hold())
                    throw new InvalidOperationException();
            },
            Throws.InvalidOperationException);
        var isInside = false;
        using (latch.Hold())
            isInside = true;
        Assert.That(isInside, Is.True);
    }
}
