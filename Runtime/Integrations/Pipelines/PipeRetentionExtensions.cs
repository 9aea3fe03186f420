using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;

namespace FolioRuntime.Integrations.Pipelines;

/// <summary>
/// Keeps what a pipe's reader shows past <c>AdvanceTo</c> without a copy, where the pipe's memory is a <see cref="SlabMemoryPool"/>'s: a <see cref="Pipe"/>, a reader or writer over a stream, or a
/// server made with that pool. docs/POOLS.md has an example. Thread-safe as far as the reader is: one thread reads.
/// </summary>
public static class PipeRetentionExtensions
{
    /// <summary>Takes a counted reference on each block behind the bytes. While they are a reader's, that is before <c>AdvanceTo</c>; of retained bytes, before their release.</summary>
    /// <param name="bytes">What to keep: a reader's buffer or a slice of it, or of <see cref="RetainedSequence.Sequence"/>.</param>
    /// <param name="foreign">What becomes of memory in no block of such a pool. Refused by default; a server whose pool may run out of capacity copies it.</param>
    /// <returns>The same bytes, owned by the caller. Blocks are counted one atomic step each.</returns>
    /// <exception cref="InvalidOperationException">Some of it is foreign and to be refused, or a block is retained 2^31 times. Nothing is retained then.</exception>
    /// <exception cref="ObjectDisposedException">A block has been given back: reported as <see cref="Lifetimes.ViolationKind.UseAfterRelease"/>. Nothing is retained then.</exception>
    public static RetainedSequence Retain(this in ReadOnlySequence<byte> bytes, ForeignMemory foreign = ForeignMemory.Refuse)
    {
        if (foreign is not (ForeignMemory.Refuse or ForeignMemory.Copy))
            throw new ArgumentOutOfRangeException(nameof(foreign), foreign, "Unknown way to treat foreign memory.");
        return RetainedSequence.Of(bytes, foreign)
            ?? throw new InvalidOperationException(
                $"These {bytes.Length} bytes can't be retained: some are in no block of a {nameof(SlabMemoryPool)} but in an array, as when its capacity was spent, or in another pool's memory. {nameof(ForeignMemory)}.{nameof(ForeignMemory.Copy)} copies those.");
    }

    /// <summary>The same without an exception where some of the bytes are foreign.</summary>
    /// <param name="bytes">What to keep.</param>
    /// <param name="retained">The same bytes, owned by the caller.</param>
    /// <returns>False: some of it is foreign; nothing is retained.</returns>
    /// <exception cref="InvalidOperationException">A block is retained 2^31 times. Nothing is retained then.</exception>
    /// <exception cref="ObjectDisposedException">A block has been given back: reported. Nothing is retained then.</exception>
    public static bool TryRetain(this in ReadOnlySequence<byte> bytes, [NotNullWhen(true)] out RetainedSequence? retained)
    {
        retained = RetainedSequence.Of(bytes, ForeignMemory.Refuse);
        return retained is not null;
    }

    /// <summary>Retains bytes and tells the reader that they are consumed: <c>AdvanceTo(bytes.End)</c>.</summary>
    /// <param name="reader">The reader whose buffer it is.</param>
    /// <param name="bytes">The beginning of what the reader showed last, up to where it goes on.</param>
    /// <param name="foreign">What becomes of memory in no block of such a pool.</param>
    /// <returns>The same bytes, owned by the caller.</returns>
    /// <exception cref="InvalidOperationException">As for <see cref="Retain"/>; the reader was not told then.</exception>
    /// <exception cref="ObjectDisposedException">As for <see cref="Retain"/>; the reader was not told then.</exception>
    public static RetainedSequence AdvanceRetaining(this PipeReader reader, in ReadOnlySequence<byte> bytes, ForeignMemory foreign = ForeignMemory.Refuse)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var retained = bytes.Retain(foreign);
        try
        {
            reader.AdvanceTo(bytes.End);
            return retained;
        }
        catch
        {
            retained.Dispose();
            throw;
        }
    }

    /// <summary>Reads what there is, waiting for the first byte, and retains all of it.</summary>
    /// <param name="reader">The reader, which has consumed the bytes when this returns.</param>
    /// <param name="foreign">What becomes of memory in no block of such a pool.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is consumed then.</param>
    /// <returns>The bytes, at least one, owned by the caller. Null: the writer has completed and all is read.</returns>
    /// <exception cref="OperationCanceledException">The token, or the reader's <c>CancelPendingRead</c>, ended the wait. Nothing is consumed.</exception>
    /// <exception cref="InvalidOperationException">As for <see cref="Retain"/>. Nothing is consumed: the bytes can be read again, by another way.</exception>
    public static async ValueTask<RetainedSequence?> ReadRetainedAsync(
        this PipeReader reader, ForeignMemory foreign = ForeignMemory.Refuse, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);

        // Ends: a read that shows nothing is the last, or has waited for more.
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var isConsumed = false;
            try
            {
                if (read.IsCanceled)
                    throw new OperationCanceledException("The pending read was cancelled.");
                if (!read.Buffer.IsEmpty)
                {
                    var retained = reader.AdvanceRetaining(read.Buffer, foreign);
                    isConsumed = true;
                    return retained;
                }
            }
            finally
            {
                if (!isConsumed)
                    reader.AdvanceTo(read.Buffer.Start);
            }

            if (read.IsCompleted)
                return null;
        }
    }
}
