using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <summary>
/// One of several who have opened a mapping and each want to know whether what was written has arrived: an error is told to every one of them, once. Made by
/// <see cref="PageMapping.AddOpener"/>; nothing needs to be closed. Thread-safe. Linux: <c>struct file</c>, its <c>f_wb_err</c>.
/// </summary>
public sealed class PageOpener
{
    private readonly Latch _latch = new();
    private readonly ErrorSequence _errors;

    // Under the latch.
    private ulong _cursor;

    internal PageOpener(PageMapping mapping, ErrorSequence errors)
    {
        Mapping = mapping;
        _errors = errors;
        _cursor = errors.Sample();
    }

    /// <summary>What it has opened.</summary>
    public PageMapping Mapping { get; }

    /// <summary>As <see cref="PageMapping.Flush"/>, with the errors that this opener hasn't been told yet.</summary>
    /// <inheritdoc cref="PageMapping.Flush" path="/exception"/>
    public void Flush()
    {
        Mapping.FlushStore();
        ThrowIfFailed();
    }

    /// <summary>As <see cref="Flush"/>, on a thread of the pool.</summary>
    /// <param name="cancellationToken">Gives up waiting; the flush goes on, and its errors are told to nobody who has given up.</param>
    /// <inheritdoc cref="PageMapping.FlushAsync" path="/exception"/>
    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        await Task.Run(Mapping.FlushStore, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        ThrowIfFailed();
    }

    private void ThrowIfFailed()
    {
        Exception? failure;
        using (_latch.Hold())
            failure = _errors.CheckAndAdvance(ref _cursor);
        if (failure is not null)
            throw new IOException($"What was written may not have arrived: {failure.Message}", failure);
    }
}
