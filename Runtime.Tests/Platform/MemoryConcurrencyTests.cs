using FolioRuntime.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Platform;

/// <summary>Regions under several threads: nobody faults, nobody loses what was promised.</summary>
[TestFixture(Backing.Native)]
[TestFixture(Backing.PinnedArray)]
public class MemoryConcurrencyTests(Backing backing)
{
    private const byte Written = 0xA5;
    private readonly IVirtualMemory _memory = backing.Memory();

    [Test]
    public void Hazard17_DiscardUnderAReaderLeavesItReadingOldBytesOrZeros()
    {
        var page = _memory.PageBytes;
        using var region = _memory.Reserve(4 * page, page);
        region.Commit(0, 4 * page);
        var done = false;
        var strangeBytes = 0;
        using var reading = new ManualResetEventSlim();
        var reader = new Thread(() =>
        {
            reading.Set();
            while (!Volatile.Read(ref done))
                strangeBytes += region.Span(0, 4 * page).ContainsAnyExcept(Written, (byte)0) ? 1 : 0;
        });
        reader.Start();
        reading.Wait();
        for (var round = 0; round < 2000; round++)
        {
            region.Span(0, 4 * page).Fill(Written);
            region.Discard(0, 4 * page);
        }

        Volatile.Write(ref done, true);
        reader.Join();
        Assert.That(strangeBytes, Is.Zero);
    }

    [Test]
    public void DisposeWaitsForRunningOperationsAndRefusesLaterOnes()
    {
        var page = _memory.PageBytes;
        for (var round = 0; round < 200; round++)
        {
            var region = _memory.Reserve(16 * page, page);
            using var start = new Barrier(2);
            Exception? met = null;
            var worker = new Thread(() =>
            {
                start.SignalAndWait();
                met = Assert.Catch(() => OperateUntilRefused(region, page));
            });
            worker.Start();
            start.SignalAndWait();
            region.Dispose();
            worker.Join();
            Assert.That(met, Is.InstanceOf<ObjectDisposedException>());
        }
    }

    [Test]
    public void CommitsRacingOnOnePageClearItOnce()
    {
        var page = _memory.PageBytes;
        using var region = _memory.Reserve(256 * page, page);
        var lost = 0;
        for (var index = 0; index < 256; index++)
        {
            using var start = new Barrier(2);
            var offset = index * page;
            void CommitAndWrite(int at)
            {
                start.SignalAndWait();
                region.Commit(offset, page);
                region.Span(offset, page)[at] = Written;
            }

            var other = new Thread(() => CommitAndWrite(1));
            other.Start();
            CommitAndWrite(0);
            other.Join();
            lost += region.Span(offset, 2).ContainsAnyExcept(Written) ? 1 : 0;
        }

        Assert.That(lost, Is.Zero);
    }

    private static void OperateUntilRefused(MemoryRegion region, int page)
    {
        // Ends: the other thread disposes the region, after which every call throws.
        while (true)
        {
            region.Commit(0, 16 * page);
            region.Discard(4 * page, 8 * page);
            region.ExcludeFromDump(0, 16 * page);
        }
    }
}
