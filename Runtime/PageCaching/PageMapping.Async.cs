namespace FolioRuntime.PageCaching;

/// <content>The same for code that awaits. A fill belongs to nobody who asked: it goes on when they give up.</content>
public sealed partial class PageMapping
{
    /// <summary>As <see cref="Read"/>, without blocking a thread for the store. What is in the cache is copied at once.</summary>
    /// <param name="offsetBytes">Where to begin.</param>
    /// <param name="destination">Where to; not written any more once the result is there.</param>
    /// <param name="cancellationToken">Gives up waiting; what is being read comes into the cache all the same.</param>
    /// <returns>How many bytes; fewer than there is room for only at the end.</returns>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    /// <inheritdoc cref="Read" path="/exception"/>
    public ValueTask<int> ReadAsync(long offsetBytes, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        return Core(offsetBytes, destination, cancellationToken);

        // Runs to its end at once where everything is there, and then allocates nothing.
        async ValueTask<int> Core(long offsetBytes, Memory<byte> destination, CancellationToken cancellationToken)
        {
            var wanted = (int)Math.Min(destination.Length, Math.Max(0, LengthBytes - offsetBytes));
            var done = 0;
            while (done < wanted)
            {
                var position = offsetBytes + done;
                var within = (int)position & (PageBytes - 1);
                NoteReading(position >> PageShift);
                var read = ReadCached(position >> PageShift, within, destination.Span[done..wanted]);
                if (read == 0)
                {
                    var part = destination.Slice(done, Math.Min(PageBytes - within, wanted - done));
                    if (!await ReadMissingAsync(position >> PageShift, within, part, cancellationToken).ConfigureAwait(false))
                        break;
                    read = part.Length;
                }

                done += read;
            }

            return done;
        }
    }

    private async ValueTask<bool> ReadMissingAsync(long index, int within, Memory<byte> destination, CancellationToken cancellationToken)
    {
        // Ends: as in ReadMissing.
        do
        {
            switch (Join(index, out var fill))
            {
                case FillRole.AtEnd:
                    return false;
                case FillRole.LookAgain:
                    await Task.Yield();
                    break;
                case var role:
                    // Whoever waits has asked for the task already, under the latch.
                    if (role == FillRole.Read)
                        StartFill(fill!);
                    await fill!.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
                    if (TryCopyContent(fill, within, destination.Span))
                        return true;
                    break;
            }
        }
        while (!TryReadCached(index, within, destination.Span));
        return true;
    }

    /// <summary>Has a fill go on by itself; whoever started it waits for it like everybody else. What it throws ended the fill.</summary>
    private void StartFill(PageFill fill)
    {
        try
        {
            using (_latch.Hold())
                fill.ExpectWaiterUnsynchronized();
            _ = FillPageAsync(fill, new PageRoom(_folios));
        }
        catch (OutOfMemoryException failure)
        {
            // Of the collector's memory: without this the mark would stay, and whoever wants the page would wait for ever.
            Fail(fill, PageCache.NoPage, default, failure);
            throw;
        }
    }

    /// <summary>As <see cref="FillPage"/>; how it ended the fill says.</summary>
    private async Task FillPageAsync(PageFill fill, PageRoom room)
    {
        try
        {
            room.Take(_cache, this, fill.Index);
            var read = await _store.ReadAsync([room.Memory], fill.Index << PageShift, CancellationToken.None).ConfigureAwait(false);
            room.GetSpan()[read..].Clear();
            Finish([fill], room);
        }
#pragma warning disable CA1031 // Whoever waits gets it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(fill, room.Page, room.Reference, failure);
        }
    }

    private void Finish(ReadOnlySpan<PageFill> fills, PageRoom room)
    {
        var folio = room.Reference;
        if (Finish(fills, room.Page, ref folio))
            folio.Dispose();
    }
}
