using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using FolioRuntime.Integrations.Pipelines;
using FolioRuntime.Lifetimes;
using FolioRuntime.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Integrations;

[TestFixture(MemoryBacking.Native, 32)]
[TestFixture(MemoryBacking.PinnedArrays, 32)]
[TestFixture(MemoryBacking.Native, 3)]
public sealed class RetainedSequenceTests(MemoryBacking backing, int generationBits) : RuntimeFixture(generationBits)
{
    private const int BlockBytes = SlabMemoryPool.DefaultBlockBytes;

    protected override PoolRuntimeOptions Options => base.Options with { Backing = backing, CapacityBytes = 8 << 20, ReservationBytes = 16 << 20 };

    [TestCase(100, 0, 100)]
    [TestCase(BlockBytes, 17, 4)]
    [TestCase(3 * BlockBytes, 17, (2 * BlockBytes) + 9)]
    [TestCase(20_000, BlockBytes - 1, 2)]
    [TestCase(20_000, BlockBytes, 12_000)]
    public async Task Bytes_stay_as_they_were_while_the_pipe_goes_on_and_their_blocks_come_back_after_them(int written, int start, int length)
    {
        using var pool = Pool.CreateMemoryPool();
        var pipe = RetentionPipe.Over(pool);
        var sent = await RetentionPipe.WriteAsync(pipe, written);
        var buffer = (await pipe.Reader.ReadAsync()).Buffer;
        var part = buffer.Slice(start, length);
        var pieces = RetentionPipe.PieceLengths(part);
        var retained = part.Retain();
        pipe.Reader.AdvanceTo(buffer.End);

        await RetentionPipe.PassAsync(pipe, 50_000);
        Assert.That(retained.Sequence.ToArray(), Is.EqualTo(sent[start..(start + length)]));
        Assert.That(RetentionPipe.PieceLengths(retained.Sequence), Is.EqualTo(pieces), "in the same pieces");
        Assert.That((retained.Length, retained.CopiedBytes), Is.EqualTo((length, 0)));
        Assert.That(retained.Sequence.GetPosition(length), Is.EqualTo(retained.Sequence.End));

        await RetentionPipe.CompleteAsync(pipe);
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.EqualTo(pieces.Length), "the pipe has given back all its blocks but these");
        retained.Dispose();
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
        Assert.That(retained.Length, Is.EqualTo(length));
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public async Task Each_holder_counts_for_itself_and_a_part_can_be_kept_longer_than_the_whole()
    {
        using var pool = Pool.CreateMemoryPool();
        var pipe = RetentionPipe.Over(pool);
        var sent = await RetentionPipe.WriteAsync(pipe, 3 * BlockBytes);
        var first = pipe.Reader.AdvanceRetaining((await pipe.Reader.ReadAsync()).Buffer);
        await RetentionPipe.CompleteAsync(pipe);
        var second = first.Retain();
        first.Dispose();
        Assert.That(second.Sequence.ToArray(), Is.EqualTo(sent));

        var part = second.Sequence.Slice(BlockBytes + 5, 10).Retain();
        second.Dispose();
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.EqualTo(1), "the block of the part");
        Assert.That(part.Sequence.ToArray(), Is.EqualTo(sent[(BlockBytes + 5)..(BlockBytes + 15)]));
        part.Dispose();
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public async Task A_reader_may_consume_a_part_and_write_on_behind_what_is_retained()
    {
        using var pool = Pool.CreateMemoryPool();
        var pipe = RetentionPipe.Over(pool);
        await RetentionPipe.WriteAsync(pipe, 10, value: 1);
        var kept = pipe.Reader.AdvanceRetaining((await pipe.Reader.ReadAsync()).Buffer.Slice(0, 4));
        await RetentionPipe.WriteAsync(pipe, 10, value: 2);
        using var rest = (await pipe.Reader.ReadRetainedAsync())!;
        Assert.That(kept.Sequence.ToArray(), Is.EqualTo(new byte[] { 1, 1, 1, 1 }));
        Assert.That(rest.Sequence.ToArray(), Is.EqualTo(Enumerable.Repeat<byte>(1, 6).Concat(Enumerable.Repeat<byte>(2, 10))));
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.EqualTo(1), "all in one block");
        kept.Dispose();
        await RetentionPipe.CompleteAsync(pipe);
    }

    [Test]
    public async Task Memory_can_be_pinned_and_has_an_array_where_the_backing_has_one()
    {
        using var pool = Pool.CreateMemoryPool();
        var pipe = RetentionPipe.Over(pool);
        var sent = await RetentionPipe.WriteAsync(pipe, BlockBytes);
        var retained = (await pipe.Reader.ReadAsync()).Buffer.Slice(100, 50).Retain();
        await RetentionPipe.CompleteAsync(pipe);
        var memory = retained.Sequence.First;
        var array = new ArraySegment<byte>([]);
        Assert.That(MemoryMarshal.TryGetArray(memory, out array), Is.EqualTo(backing == MemoryBacking.PinnedArrays));
        if (backing == MemoryBacking.PinnedArrays)
            Assert.That(array, Is.EqualTo(sent[100..150]));

        var pin = memory[3..].Pin();
        retained.Dispose();
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.EqualTo(1), "the pin keeps the block");
        Assert.That(RetentionPipe.ByteAt(pin), Is.EqualTo(sent[103]));
        pin.Dispose();
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void Nothing_can_be_retained()
    {
        using var retained = ReadOnlySequence<byte>.Empty.Retain();
        using var again = retained.Retain();
        Assert.That((again.Length, again.Sequence.IsEmpty), Is.EqualTo((0L, true)));
        retained.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ = retained.Sequence);
        Assert.That(Violations, Is.Empty, "no runtime has anything to do with it");
    }

    [Test]
    public async Task A_reader_over_a_stream_will_do()
    {
        using var pool = Pool.CreateMemoryPool();
        var sent = RetentionPipe.Pattern(100_000);
        var reader = PipeReader.Create(new MemoryStream(sent), new StreamPipeReaderOptions(pool, bufferSize: BlockBytes));
        var kept = new List<RetainedSequence>();
        while (await reader.ReadRetainedAsync() is { } bytes)
            kept.Add(bytes);
        await reader.CompleteAsync();
        Assert.That(kept.SelectMany(bytes => bytes.Sequence.ToArray()), Is.EqualTo(sent));
        kept.ForEach(bytes => bytes.Dispose());
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
    }

    [Test]
    public async Task They_outlive_their_pool_and_runtime()
    {
        var pool = Pool.CreateMemoryPool();
        var pipe = RetentionPipe.Over(pool);
        var sent = await RetentionPipe.WriteAsync(pipe, 2 * BlockBytes);
        var retained = (await pipe.Reader.ReadRetainedAsync())!;
        pool.Dispose();
        Pool.Dispose();
        await RetentionPipe.CompleteAsync(pipe);

        using (var again = retained.Retain())
        {
            retained.Dispose();
            Assert.That(again.Sequence.ToArray(), Is.EqualTo(sent));
        }

        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);
        retained.Dispose();
        Assert.Throws<ObjectDisposedException>(() => retained.Retain());
        Assert.That(Violations.Select(violation => violation.Kind), Is.EqualTo(new[] { ViolationKind.OutstandingAtDispose, ViolationKind.DoubleDispose, ViolationKind.UseAfterRelease }));
    }

    [Test]
    public async Task A_read_waits_ends_with_its_writer_and_can_be_cancelled_without_losing_anything()
    {
        using var pool = Pool.CreateMemoryPool();
        var pipe = RetentionPipe.Over(pool);
        var waiting = pipe.Reader.ReadRetainedAsync();
        Assert.That(waiting.IsCompleted, Is.False);
        pipe.Reader.CancelPendingRead();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await waiting);

        using var source = new CancellationTokenSource();
        waiting = pipe.Reader.ReadRetainedAsync(cancellationToken: source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await waiting);

        await RetentionPipe.WriteAsync(pipe, 5, value: 9);
        pipe.Reader.CancelPendingRead();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await pipe.Reader.ReadRetainedAsync());
        using (var bytes = (await pipe.Reader.ReadRetainedAsync())!)
            Assert.That(bytes.Sequence.ToArray(), Is.EqualTo(Enumerable.Repeat<byte>(9, 5)));
        await pipe.Writer.CompleteAsync();
        Assert.That(await pipe.Reader.ReadRetainedAsync(), Is.Null);
        Assert.That(await pipe.Reader.ReadRetainedAsync(), Is.Null, "the end stays the end");
        await pipe.Reader.CompleteAsync();
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
    }
}
