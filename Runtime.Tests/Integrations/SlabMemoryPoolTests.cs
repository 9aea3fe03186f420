using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Integrations;

[TestFixture(MemoryBacking.Native, 32)]
[TestFixture(MemoryBacking.PinnedArrays, 32)]
[TestFixture(MemoryBacking.Native, 3)]
public sealed class SlabMemoryPoolTests(MemoryBacking backing, int generationBits) : RuntimeFixture(generationBits)
{
    protected override PoolRuntimeOptions Options => base.Options with { Backing = backing, CapacityBytes = 8 << 20, ReservationBytes = 16 << 20 };

    [Test]
    public void A_block_has_all_of_its_4096_bytes_and_an_array_where_the_backing_has_one()
    {
        using var pool = Pool.CreateMemoryPool();
        using var owner = pool.Rent();

        Assert.That(pool.MaxBufferSize, Is.EqualTo(4096));
        Assert.That(owner.Memory.Length, Is.EqualTo(4096));
        Assert.That(MemoryMarshal.TryGetArray<byte>(owner.Memory, out var segment), Is.EqualTo(backing == MemoryBacking.PinnedArrays));
        if (backing != MemoryBacking.PinnedArrays)
            return;
        owner.Memory.Span[17] = 99;
        Assert.That(segment.Array![segment.Offset + 17], Is.EqualTo(99), "the same memory");
        Assert.That(segment.Count, Is.EqualTo(4096));
    }

    [Test]
    public async Task A_pipe_carries_bytes_unchanged_through_the_pool_and_everything_comes_back()
    {
        using var pool = Pool.CreateMemoryPool();
        var pipe = new Pipe(new PipeOptions(pool, pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false));
        var sent = new byte[3_000_000];
        new Random(5).NextBytes(sent);

        var writing = Task.Run(async () =>
        {
            for (var at = 0; at < sent.Length; at += 7001)
                await pipe.Writer.WriteAsync(sent.AsMemory(at, Math.Min(7001, sent.Length - at)));
            await pipe.Writer.CompleteAsync();
        });
        var received = new ArrayBufferWriter<byte>();
        while (true)
        {
            var result = await pipe.Reader.ReadAsync();
            foreach (var segment in result.Buffer)
                received.Write(segment.Span);
            pipe.Reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                break;
        }

        await pipe.Reader.CompleteAsync();
        await writing;
        Assert.That(received.WrittenSpan.SequenceEqual(sent), Is.True);
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
        Assert.That(pool.FallbackCount, Is.Zero);
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void A_second_dispose_is_harmless_counted_and_reported()
    {
        using var pool = Pool.CreateMemoryPool();
        var first = pool.Rent();
        first.Dispose();
        using var second = pool.Rent();

        Assert.DoesNotThrow(first.Dispose);
        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.DoubleDispose));
        Assert.That(Pool.ViolationCount(ViolationKind.DoubleDispose), Is.EqualTo(1));
        Assert.DoesNotThrow(() => second.Memory.Span.Fill(1));
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.EqualTo(1));
    }

    [Test]
    public void Memory_kept_past_the_dispose_refuses_to_show_the_next_renters_bytes()
    {
        using var pool = Pool.CreateMemoryPool();
        var owner = pool.Rent();
        var kept = owner.Memory;
        owner.Dispose();

        Assert.Throws<ObjectDisposedException>(() => _ = kept.Span[0]);
        Assert.Throws<ObjectDisposedException>(() => _ = owner.Memory);
    }

    [Test]
    public void Exhaustion_falls_back_to_a_counted_array()
    {
        using var pool = Pool.CreateMemoryPool();
        var owners = Enumerable.Range(0, 3000).Select(_ => pool.Rent()).ToList();

        Assert.That(pool.FallbackCount, Is.GreaterThan(0).And.LessThan(2000));
        Assert.That(owners[^1].Memory.Length, Is.EqualTo(4096));
        owners.ForEach(owner => owner.Dispose());
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
    }

    [TestCase(-2)]
    [TestCase(4097)]
    public void A_size_that_no_block_has_is_refused(int size)
    {
        using var pool = Pool.CreateMemoryPool();
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(size));
    }

    [Test]
    public void A_pinned_block_stays_until_it_is_unpinned()
    {
        using var pool = Pool.CreateMemoryPool();
        var owner = pool.Rent();
        var pin = owner.Memory.Pin();
        owner.Dispose();
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.EqualTo(1));

        pin.Dispose();
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
    }

    [Test]
    public void Blocks_that_are_out_at_the_pools_dispose_stay_valid()
    {
        var pool = Pool.CreateMemoryPool();
        var owner = pool.Rent();
        pool.Dispose();
        Pool.Dispose();

        owner.Memory.Span.Fill(3);
        Assert.That(owner.Memory.Span[4095], Is.EqualTo(3));
        Assert.Throws<ObjectDisposedException>(() => pool.Rent());
        owner.Dispose();
        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);
        Assert.That(Violations.Select(violation => violation.Kind), Is.All.EqualTo(ViolationKind.OutstandingAtDispose));
    }
}
