using System.Buffers;
using System.IO.Pipelines;
using FolioRuntime.Integrations.Pipelines;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Integrations;

[TestFixture(32)]
[TestFixture(3)]
public sealed class SlabMemoryPoolHazardTests(int generationBits) : RuntimeFixture(generationBits)
{
    [Test]
    public void Hazard30_of_racing_disposes_of_an_owner_one_gives_the_block_back()
    {
        const int Rounds = 1000;
        using var pool = Pool.CreateMemoryPool();
        var owner = pool.Rent();
        using var barrier = new Barrier(3, _ =>
        {
            var next = pool.Rent();
            using var other = pool.Rent();
            if (next.Memory.Span.Overlaps(other.Memory.Span))
                throw new InvalidOperationException("one block for two owners");
            owner = next;
        });
        RunThree(() =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                owner.Dispose();
                barrier.SignalAndWait();
            }
        });
        owner.Dispose();
        Assert.That(Violations.Select(violation => violation.Kind), Is.EqualTo(Enumerable.Repeat(ViolationKind.DoubleDispose, Rounds * 2)));
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
    }

    [Test]
    public void A_threads_first_rent_without_memory_for_its_stack_is_an_array_and_counted()
    {
        using var pool = Pool.CreateMemoryPool();
        pool.Rent().Dispose();
        using var other = new OtherThread(() => WithoutStacks(() =>
        {
            using var block = pool.Rent(100);
            if (block.Memory.Length != SlabMemoryPool.DefaultBlockBytes)
                throw new InvalidOperationException("the array is not as long as a block");
        }));
        Assert.That(pool.FallbackCount, Is.EqualTo(1));
        Assert.That(Violations, Is.Empty);

        // Once there is memory again the same thread has blocks.
        using var later = new OtherThread(() =>
        {
            WithoutStacks(() => pool.Rent().Dispose());
            pool.Rent().Dispose();
        });
        Assert.That(pool.FallbackCount, Is.EqualTo(2));
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
    }

    [Test]
    public void A_pipe_goes_on_when_a_thread_gets_no_memory_for_its_stack()
    {
        using var pool = Pool.CreateMemoryPool();
        var pipe = new Pipe(new PipeOptions(pool, readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0));
        using var other = new OtherThread(() => WithoutStacks(() =>
        {
            pipe.Writer.Write(new byte[20_000]);
            pipe.Writer.Complete();
        }));
        Assert.That(pipe.Reader.TryRead(out var read), Is.True);
        Assert.That(read.Buffer.Length, Is.EqualTo(20_000));
        pipe.Reader.AdvanceTo(read.Buffer.End);
        pipe.Reader.Complete();
        Assert.That(pool.FallbackCount, Is.EqualTo(5));
    }

    [Test]
    public void A_threads_first_return_needs_no_memory_for_a_stack()
    {
        using var pool = Pool.CreateMemoryPool();
        var owners = Enumerable.Range(0, 40).Select(_ => pool.Rent()).ToList();
        using var other = new OtherThread(() => WithoutStacks(() =>
        {
            owners.ForEach(owner => owner.Dispose());
            owners.ForEach(owner => owner.Dispose());
        }));
        Pool.Trim();
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
        Assert.That(Violations.Select(violation => violation.Kind), Is.EqualTo(Enumerable.Repeat(ViolationKind.DoubleDispose, 40)));
        Assert.That(pool.Cache.Statistics().ReturnsOnTheWay, Is.Zero);
    }

    private static void WithoutStacks(Action action)
    {
        ThreadStackBlock.IsRefused = true;
        try
        {
            action();
        }
        finally
        {
            ThreadStackBlock.IsRefused = false;
        }
    }

    [Test]
    public unsafe void A_block_that_threads_pin_while_its_owner_is_disposed_goes_back_once_after_the_last_unpin()
    {
        const int Rounds = 500;
        using var pool = Pool.CreateMemoryPool();
        for (var round = 0; round < Rounds; round++)
        {
            var owner = pool.Rent();
            var memory = owner.Memory;
            memory.Span.Fill(7);
            using var threads = new Barrier(3);
            RunThree(() =>
            {
                threads.SignalAndWait();
                try
                {
                    using var pin = memory.Pin();
                    if (*(byte*)pin.Pointer != 7)
                        throw new InvalidOperationException("the block went to somebody else under a pin");
                }
                catch (ObjectDisposedException)
                {
                    // Disposed before it could be pinned.
                }

                if (round % 2 == 0)
                    owner.Dispose();
            });
            if (round % 2 == 1)
                owner.Dispose();
        }

        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
        Assert.That(Violations.Select(violation => violation.Kind), Is.All.EqualTo(ViolationKind.DoubleDispose));
    }

    [Test]
    public void Hazard33_an_owner_disposed_after_its_pool_and_runtime_gives_its_block_back()
    {
        var pool = Pool.CreateMemoryPool();
        var owners = Enumerable.Range(0, 20).Select(_ => pool.Rent()).ToArray();
        pool.Dispose();
        owners[0].Dispose();
        Pool.Dispose();
        foreach (var owner in owners[1..])
        {
            owner.Memory.Span.Fill(1);
            owner.Dispose();
        }

        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);
        Assert.DoesNotThrow(owners[0].Dispose);
        Assert.That(Violations.Select(violation => violation.Kind), Is.EqualTo(new[] { ViolationKind.OutstandingAtDispose, ViolationKind.DoubleDispose }));
    }

    [Test]
    public void An_unpin_without_a_pin_changes_nothing()
    {
        using var pool = Pool.CreateMemoryPool();
        using (var owner = pool.Rent())
        {
            ((IPinnable)owner).Unpin();
            owner.Memory.Span.Fill(1);
        }

        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
        Assert.That(Violations, Is.Empty);
    }

    private static void RunThree(Action work)
    {
        var threads = Enumerable.Range(0, 3).Select(_ => new OtherThread(work, join: false)).ToArray();
        foreach (var thread in threads)
            thread.Dispose();
    }
}
