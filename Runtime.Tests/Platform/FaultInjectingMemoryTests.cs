using FolioRuntime.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Platform;

/// <summary>The fault injector itself, and what each injected failure leaves of a region.</summary>
[TestFixture(Backing.Native)]
[TestFixture(Backing.PinnedArray)]
public class FaultInjectingMemoryTests(Backing backing)
{
    private readonly IVirtualMemory _inner = backing.Memory();

    private int Page => _inner.PageBytes;

    [Test]
    public void WithoutAFailingCallItOnlyCounts()
    {
        var memory = new FaultInjectingMemory(_inner);
        using (var region = memory.Reserve(4 * Page, Page))
        {
            region.Commit(0, Page);
            region.Commit(Page, Page);
            region.Discard(0, Page);
            Assert.That(memory.OpenRegions, Is.EqualTo(1));
            Assert.That(region.HasArray, Is.EqualTo(backing == Backing.PinnedArray));
            Assert.That(region.TryGetArray(0, 10, out _), Is.EqualTo(region.HasArray));
        }

        Assert.That(memory.CallCount, Is.EqualTo(4));
        Assert.That(memory.CallCountOf(MemoryOperation.Reserve), Is.EqualTo(1));
        Assert.That(memory.CallCountOf(MemoryOperation.Commit), Is.EqualTo(2));
        Assert.That(memory.CallCountOf(MemoryOperation.Discard), Is.EqualTo(1));
        Assert.That(memory.FailureCount, Is.Zero);
        Assert.That(memory.OpenRegions, Is.Zero);
    }

    [Test]
    public void OnlyTheChosenCallOfTheChosenKindFails()
    {
        var memory = new FaultInjectingMemory(_inner) { FailingOperation = MemoryOperation.Commit, FailingCall = 2 };
        using var region = memory.Reserve(4 * Page, Page);
        region.Commit(0, Page);
        region.Discard(0, Page);
        var exception = Assert.Throws<VirtualMemoryException>(() => region.Commit(0, 3 * Page));
        Assert.That(exception.SizeBytes, Is.EqualTo(3 * Page));
        Assert.That(exception.ErrorCode, Is.EqualTo(FaultInjectingMemory.InjectedErrorCode));
        Assert.That(exception.Message, Does.Contain("Commit"));
        region.Commit(0, 3 * Page);
        Assert.That(memory.FailureCount, Is.EqualTo(1));
    }

    [Test]
    public void PersistentFailuresLastUntilLifted()
    {
        var memory = new FaultInjectingMemory(_inner) { FailingCall = 2, FailuresPersist = true };
        using var region = memory.Reserve(Page, Page);
        Assert.Throws<VirtualMemoryException>(() => region.Commit(0, Page));
        Assert.Throws<VirtualMemoryException>(() => region.Commit(0, Page));
        memory.FailingCall = 0;
        region.Commit(0, Page);
        Assert.That(memory.FailureCount, Is.EqualTo(2));
        memory.ResetCounts();
        Assert.That(memory.CallCount, Is.Zero);
        Assert.That(memory.FailureCount, Is.Zero);
    }

    [Test]
    public void AfterAnyOneFailureTheRegionStillWorks([Values] bool failuresPersist)
    {
        var calls = FaultSweep.Run(UseEverything, failuresPersist, _inner);
        Assert.That(calls, Is.EqualTo(6));
    }

    private void UseEverything(FaultInjectingMemory memory)
    {
        var failures = 0;
        MemoryRegion? region = null;
        Attempt(() => region = memory.Reserve(4 * Page, Page));
        if (region is not null)
        {
            Attempt(() => region.ExcludeFromFork(0, 4 * Page));
            Attempt(() => region.ExcludeFromDump(0, 4 * Page));
            Attempt(() => region.AdviseHugePages(0, 4 * Page));
            Attempt(() => region.Commit(0, 4 * Page));
            Attempt(() => region.Discard(0, 4 * Page));
            memory.Lift();
            region.Commit(0, 4 * Page);
            region.Span(0, 4 * Page).Fill(0xA5);
            region.Dispose();
        }

        Assert.That(memory.FailureCount, Is.EqualTo(failures));
        Assert.That(memory.OpenRegions, Is.Zero);

        void Attempt(Action call)
        {
            try
            {
                call();
            }
            catch (VirtualMemoryException)
            {
                failures++;
            }
        }
    }
}
