using FolioRuntime.Folios;

namespace FolioRuntime.PageCaching;

/// <summary>
/// A page that is being read from its store, for all who ask for it meanwhile (C4). One of them reads; the others wait for <see cref="Ended"/>, then look again. Its members belong to the
/// mapping's latch, except that whoever reads writes <see cref="Content"/> before it ends. Linux: a locked folio that isn't up to date.
/// <para>
/// One that nobody but its reader has ever known of is used again for another page once it is off the list, so that a miss allocates nothing.   [cache-fills-in-turn]
/// </para>
/// </summary>
internal sealed class PageFill(int number)
{
    // Null until somebody waits.
    private TaskCompletionSource? _waiters;
    private bool _wasAhead;

    public long Index { get; private set; }

    /// <summary>Its place in the <see cref="PageFillList"/>.</summary>
    public int Number { get; } = number;

    /// <summary>What stands in the index meanwhile.</summary>
    public FolioHandle Mark => new((uint)Number + 1, generation: 0);

    /// <summary>The range was truncated or invalidated after the read began: what it reads may be outdated, and nobody may see it.</summary>
    public bool IsDoomed { get; set; }

    /// <summary>It is to be read ahead, and nobody has begun yet: whoever needs it takes it over.</summary>
    public bool IsAhead
    {
        get;
        set
        {
            field = value;
            _wasAhead |= value;
        }
    }

    /// <summary>On the list.</summary>
    public bool IsListed { get; private set; }

    /// <summary>Others than its reader have it too: who waits for it, or who listed it to be read ahead, and looks later whether it was taken over.</summary>
    public bool IsShared => _wasAhead || HasWaiters;

    /// <summary>What was read, where there was no room for it in the cache and others wait for it.</summary>
    public byte[]? Content { get; set; }

    public bool HasWaiters => _waiters is not null;

    /// <summary>Ends with the fill: well, also if the fill was in vain, or as it failed.</summary>
    public Task Ended => _waiters!.Task;

    /// <summary>It is on the list from here on, for a page.</summary>
    public void List(long index)
    {
        Index = index;
        IsDoomed = false;
        IsListed = true;
    }

    /// <summary>It isn't any more.</summary>
    public void Unlist() => IsListed = false;

    /// <summary>The caller is going to wait.</summary>
    public void ExpectWaiterUnsynchronized() => _waiters ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Tells those who wait, if there are any. After it was taken off the list of fills, with no latch held. It is shared: another may be another page's by now.</summary>
    public void End(Exception? failure)
    {
        if (_waiters is null)
            return;
        if (failure is null)
        {
            _waiters.SetResult();
            return;
        }

        // Observed, also where everybody has stopped waiting.
        _waiters.SetException(failure);
        _ = _waiters.Task.Exception;
    }
}
