using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FolioRuntime.Harness;
using FolioRuntime.Integrations.Pipelines;
using FolioRuntime.Lifetimes;
using NUnit.Framework;

namespace FolioRuntime.Tests.Integrations;

/// <summary>Retained bytes misused, and used by threads at once.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class RetainedSequenceHazardTests(int generationBits) : RuntimeFixture(generationBits)
{
    [Test]
    public async Task L2_Hazard35_many_threads_read_what_one_pipe_carries_after_it_has_gone_on()
    {
        const int Messages = 3000;
        const int Consumers = 3;
        using var pool = Pool.CreateMemoryPool();
        var pipe = new Pipe(new PipeOptions(pool, pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false));
        var queues = Enumerable.Range(0, Consumers).Select(_ => new BlockingCollection<RetainedSequence>(boundedCapacity: 16)).ToArray();
        var read = new long[Consumers];
        var writing = Task.Run(async () =>
        {
            for (var number = 0; number < Messages; number++)
            {
                var length = 1 + (number * 7919 % 9000);
                await pipe.Writer.WriteAsync(RetentionPipe.Pattern(length));
            }

            await pipe.Writer.CompleteAsync();
        });
        var distributing = Task.Run(async () =>
        {
            for (var number = 0; number < Messages; number++)
            {
                var length = 1 + (number * 7919 % 9000);
                var result = await pipe.Reader.ReadAtLeastAsync(length);
                using var message = pipe.Reader.AdvanceRetaining(result.Buffer.Slice(0, length));
                foreach (var queue in queues)
                    queue.Add(message.Retain());
            }

            Array.ForEach(queues, queue => queue.CompleteAdding());
            await pipe.Reader.CompleteAsync();
        });
        TestThreads.Run(Consumers, consumer =>
        {
            foreach (var message in queues[consumer].GetConsumingEnumerable())
            {
                using (message)
                {
                    if (!message.Sequence.ToArray().AsSpan().SequenceEqual(RetentionPipe.Pattern((int)message.Length)))
                        throw new InvalidOperationException("a consumer read other bytes than were sent");
                    read[consumer]++;
                }
            }
        });
        await Task.WhenAll(writing, distributing);
        Assert.That(read, Is.All.EqualTo(Messages));
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
        Assert.That(pool.FallbackCount, Is.Zero);
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void L2_Hazard35_a_block_that_threads_retain_while_it_is_given_back_is_nobody_elses_before_the_last_release()
    {
        const int Rounds = 1000;
        const int Threads = 3;
        using var pool = Pool.CreateMemoryPool();
        var owner = Filled(pool, 1);
        var memory = owner.Memory;
        var round = 1;
        using var barrier = new Barrier(Threads, _ =>
        {
            owner = Filled(pool, ++round);
            memory = owner.Memory;
        });
        TestThreads.Run(Threads, thread =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                if (thread == 0)
                    owner.Dispose();
                else if (Retained(memory) is { } retained)
                    Use(retained, round, pool);
                barrier.SignalAndWait();
            }
        });
        owner.Dispose();
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
        Assert.That(Violations.Select(violation => violation.Kind), Is.All.EqualTo(ViolationKind.UseAfterRelease), "retained too late");
    }

    [Test]
    public void Hazard30_of_racing_disposes_of_retained_bytes_one_counts()
    {
        const int Rounds = 1000;
        using var pool = Pool.CreateMemoryPool();
        var owner = pool.Rent();
        var retained = Retained(owner.Memory)!;
        using var barrier = new Barrier(3, _ =>
        {
            // Still its renter's: a second release would have cost that hold.
            owner.Dispose();
            owner = pool.Rent();
            retained = Retained(owner.Memory)!;
        });
        TestThreads.Run(3, _ =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                retained.Dispose();
                barrier.SignalAndWait();
            }
        });
        retained.Dispose();
        owner.Dispose();
        Assert.That(Violations.Select(violation => violation.Kind), Is.EqualTo(Enumerable.Repeat(ViolationKind.DoubleDispose, Rounds * 2)));
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
    }

    [Test]
    public async Task Whatever_is_done_with_them_after_their_release_is_refused_and_counted()
    {
        using var pool = Pool.CreateMemoryPool();
        var pipe = RetentionPipe.Over(pool);
        await RetentionPipe.WriteAsync(pipe, 10_000);
        var retained = (await pipe.Reader.ReadRetainedAsync())!;
        var bytes = retained.Sequence;
        retained.Dispose();
        Action[] uses =
        [
            () => _ = retained.Sequence,
            () => retained.Retain(),
            () => bytes.ToArray(),
            () => _ = bytes.First.Span[0],
            () => bytes.First.Pin(),
            () => MemoryMarshal.TryGetArray(bytes.First, out _),
            () => bytes.Retain(),
            () => bytes.Slice(5000).TryRetain(out _),
        ];
        foreach (var use in uses)
            Assert.Throws<ObjectDisposedException>(use);
        Assert.DoesNotThrow(retained.Dispose);
        Assert.That(
            Violations.Select(violation => violation.Kind),
            Is.EqualTo(Enumerable.Repeat(ViolationKind.UseAfterRelease, uses.Length).Append(ViolationKind.DoubleDispose)));
        Assert.That(Pool.ViolationCount(ViolationKind.UseAfterRelease), Is.EqualTo(uses.Length));
        Assert.That(Violations.Select(violation => violation.Subject), Is.All.EqualTo(pool.Cache.Name));
        await RetentionPipe.CompleteAsync(pipe);
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
    }

    [Test]
    public void A_block_that_was_given_back_cannot_be_retained_whoever_has_it_now()
    {
        using var pool = Pool.CreateMemoryPool();
        var owner = pool.Rent();
        var memory = owner.Memory;
        var kept = Retained(memory)!;
        owner.Dispose();
        Assert.That(Retained(memory), Is.Null, "though another holder keeps the block");
        using (var again = kept.Retain())
            kept.Dispose();
        using var next = Filled(pool, 3);
        Assert.That(Retained(memory), Is.Null, "though the block is rented again");
        Assert.That(MemoryMarshal.Read<int>(next.Memory.Span), Is.EqualTo(3));
        Assert.That(Violations.Select(violation => violation.Kind), Is.EqualTo(new[] { ViolationKind.UseAfterRelease, ViolationKind.UseAfterRelease }));
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.EqualTo(1));
    }

    [Test]
    public void An_unpin_too_many_costs_no_retention()
    {
        using var pool = Pool.CreateMemoryPool();
        var owner = pool.Rent();
        var retained = Retained(owner.Memory)!;
        var pin = retained.Sequence.First.Pin();
        var copy = pin;
        owner.Dispose();
        pin.Dispose();
        copy.Dispose();
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.EqualTo(1));
        retained.Dispose();
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
        Assert.That(Violations, Is.Empty);
    }

    [TestCase(0x7FFF_FFFF_0000_0000ul)]
    [TestCase(0x0000_0000_FFFF_FFFFul)]
    public void A_block_that_is_held_too_often_is_refused_before_its_count_overflows(ulong state)
    {
        using var pool = Pool.CreateMemoryPool();
        using var owner = pool.Rent();
        ref var word = ref State((SlabMemoryOwner)owner);
        word = state;
        if (state > uint.MaxValue)
            Assert.Throws<InvalidOperationException>(() => PipeSegment.SequenceOf(owner.Memory).Retain());
        else
            Assert.Throws<InvalidOperationException>(() => owner.Memory.Pin());
        Assert.That(word, Is.EqualTo(state));
        word = 0;
    }

    private static IMemoryOwner<byte> Filled(MemoryPool<byte> pool, int value)
    {
        var owner = pool.Rent();
        MemoryMarshal.Write(owner.Memory.Span, value);
        return owner;
    }

    // Null: too late.
    private static RetainedSequence? Retained(Memory<byte> memory)
    {
        try
        {
            return PipeSegment.SequenceOf(memory).Retain();
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    private static void Use(RetainedSequence retained, int expected, MemoryPool<byte> pool)
    {
        using (retained)
        using (Filled(pool, -1))
        {
            if (MemoryMarshal.Read<int>(retained.Sequence.FirstSpan) != expected)
                throw new InvalidOperationException("the block went to somebody else while it was retained");
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_state")]
    private static extern ref ulong State(SlabMemoryOwner owner);
}
