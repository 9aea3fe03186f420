namespace FolioRuntime.PageCaching;

/// <content>Writes for code that awaits.</content>
public sealed partial class PageMapping
{
    /// <summary>
    /// As <see cref="Write"/>, without blocking a thread for the store where a page is read first. What is in the cache is written at once; where there are too many dirty pages, a thread of the pool writes some.
    /// </summary>
    /// <param name="offsetBytes">Where to begin.</param>
    /// <param name="source">Where from; not read any more once this has ended.</param>
    /// <param name="cancellationToken">Gives up between two pages: those before are written.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    /// <inheritdoc cref="Write" path="/exception"/>
    public ValueTask WriteAsync(long offsetBytes, ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        RequireWritable(offsetBytes, source.Length);
        return Core(offsetBytes, source, cancellationToken);

        // Runs to its end at once where everything is there, and then allocates nothing.
        async ValueTask Core(long offsetBytes, ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
        {
            for (var done = 0; done < source.Length;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (index, within, lengthBytes) = PartOf(offsetBytes + done, source.Length - done);
                var part = source.Slice(done, lengthBytes);
                if (!TryWriteCached(index, within, part.Span))
                    await WriteMissingAsync(index, within, part, cancellationToken).ConfigureAwait(false);
                done += lengthBytes;
            }
        }
    }

    private async Task WriteMissingAsync(long index, int within, ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        if (source.Length < PageBytes)
        {
            var role = Join(index, out var fill, toWrite: true);
            if (role == FillRole.Read)
                StartFill(fill!);
            if (fill is not null)
                await fill.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        // There now, as a rule. Whatever else is to be waited for is not the page's content.
        if (!TryWriteCached(index, within, source.Span))
            await Task.Run(() => WritePart(index, within, source.Span), CancellationToken.None).ConfigureAwait(false);
    }

    private bool TryWriteCached(long index, int within, ReadOnlySpan<byte> source) =>
        !IsTooMuch(index) && TryGetFolio(index, out var folio) && TryWriteAndDispose(folio, index, within, source);
}
