using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using FolioRuntime.Integrations.Pipelines;
using NUnit.Framework;

namespace FolioRuntime.Tests.Integrations;

/// <summary>Bytes in memory that no block of ours holds are refused or copied, never kept as they are.</summary>
public sealed class ForeignMemoryTests() : RuntimeFixture(generationBits: 32)
{
    protected override PoolRuntimeOptions Options => base.Options with { CapacityBytes = 1 << 20, ReservationBytes = 1 << 20 };

    private static IEnumerable<Func<MemoryPool<byte>?>> Pools => [() => null, () => MemoryPool<byte>.Shared, () => new OtherPool()];

    [TestCaseSource(nameof(Pools))]
    public async Task Another_pools_memory_is_refused_with_nothing_lost_and_copied_where_that_is_asked_for(Func<MemoryPool<byte>?> make)
    {
        var pipe = new Pipe(new PipeOptions(make(), pauseWriterThreshold: 0));
        var sent = await RetentionPipe.WriteAsync(pipe, 10_000);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await pipe.Reader.ReadRetainedAsync());
        Assert.That(refused!.Message, Does.Contain("10000 bytes").And.Contains("ForeignMemory.Copy"));

        var copied = (await pipe.Reader.ReadRetainedAsync(ForeignMemory.Copy))!;
        await RetentionPipe.PassAsync(pipe, 20_000);
        await RetentionPipe.CompleteAsync(pipe);
        Assert.That(copied.Sequence.ToArray(), Is.EqualTo(sent));
        Assert.That(copied.CopiedBytes, Is.EqualTo(sent.Length));

        using var again = copied.Retain();
        var memory = copied.Sequence.First;
        copied.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ = memory.Span[0]);
        Assert.Throws<ObjectDisposedException>(() => memory.Pin());
        Assert.That(again.Sequence.ToArray(), Is.EqualTo(sent));
        using var part = again.Sequence.Slice(17, 5).Retain();
        Assert.That(MemoryMarshal.TryGetArray(part.Sequence.First, out var array), Is.True);
        Assert.That(array, Is.EqualTo(sent[17..22]));
        using (var pin = part.Sequence.First[1..].Pin())
            Assert.That(RetentionPipe.ByteAt(pin), Is.EqualTo(sent[18]));
        Assert.DoesNotThrow(copied.Dispose);
    }

    [Test]
    public void A_plain_array_is_refused()
    {
        var bytes = new ReadOnlySequence<byte>(new byte[10]);
        Assert.Throws<InvalidOperationException>(() => bytes.Retain());
        Assert.That(bytes.TryRetain(out var retained), Is.False);
        Assert.That(retained, Is.Null);
        Assert.Throws<ArgumentOutOfRangeException>(() => bytes.Retain((ForeignMemory)7));
    }

    [Test]
    public async Task Blocks_that_are_arrays_because_the_capacity_is_spent_are_foreign_and_the_others_are_let_go_again()
    {
        using var pool = Pool.CreateMemoryPool();
        var hoard = new List<IMemoryOwner<byte>>();
        while (pool.FallbackCount == 0)
            hoard.Add(pool.Rent());
        hoard[0].Dispose();
        hoard.RemoveAt(0);
        var pipe = RetentionPipe.Over(pool);
        var sent = await RetentionPipe.WriteAsync(pipe, 3 * SlabMemoryPool.DefaultBlockBytes);
        var buffer = (await pipe.Reader.ReadAsync()).Buffer;

        Assert.Throws<InvalidOperationException>(() => buffer.Retain());
        Assert.That(buffer.TryRetain(out _), Is.False);
        Assert.Throws<InvalidOperationException>(() => pipe.Reader.AdvanceRetaining(buffer));
        using (var retained = pipe.Reader.AdvanceRetaining(buffer, ForeignMemory.Copy))
        {
            await RetentionPipe.CompleteAsync(pipe);
            Assert.That(retained.CopiedBytes, Is.EqualTo(2 * SlabMemoryPool.DefaultBlockBytes));
            Assert.That(retained.Sequence.ToArray(), Is.EqualTo(sent));
            using var again = retained.Retain();
            Assert.That((again.CopiedBytes, again.Length), Is.EqualTo((retained.CopiedBytes, retained.Length)));
        }

        hoard.ForEach(owner => owner.Dispose());
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero, "what was refused has left no reference");
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public async Task What_a_writer_asks_beyond_the_largest_block_is_foreign()
    {
        using var pool = Pool.CreateMemoryPool();
        var pipe = RetentionPipe.Over(pool);
        pipe.Writer.GetMemory(10_000).Span[..10_000].Fill(5);
        pipe.Writer.Advance(10_000);
        await pipe.Writer.FlushAsync();
        var buffer = (await pipe.Reader.ReadAsync()).Buffer;
        Assert.That(buffer.TryRetain(out _), Is.False);
        using var copied = buffer.Retain(ForeignMemory.Copy);
        Assert.That(copied.CopiedBytes, Is.EqualTo(10_000));
        await RetentionPipe.CompleteAsync(pipe);
    }

    /// <summary>Its memory is a memory manager's, as ours is.</summary>
    private sealed class OtherPool : MemoryPool<byte>
    {
        public override int MaxBufferSize => 4096;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => new Manager(new byte[4096]);

        protected override void Dispose(bool disposing)
        {
            // Arrays.
        }

        private sealed class Manager(byte[] array) : MemoryManager<byte>
        {
            public override Span<byte> GetSpan() => array;

            public override MemoryHandle Pin(int elementIndex = 0) => array.AsMemory(elementIndex).Pin();

            public override void Unpin()
            {
                // The handle's.
            }

            protected override void Dispose(bool disposing) => Array.Clear(array);
        }
    }
}
