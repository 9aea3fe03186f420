using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <summary>
/// Writes dirty pages of a cache in the background: one at a time, on a thread of the pool, for one of three reasons.
/// <code>
///   more than the background limit are dirty     until it is no more than that
///   a mapping was dirty for too long             everything that is dirty in it; its timer fires then, and stands still while nothing is dirty
///   memory is short, or a miss found no victim   as many pages as were asked for
/// </code>
/// Any thread, by atomics. The timer knows it by a weak reference, so it keeps no cache alive that nobody disposed. A store that hangs holds all of this up, for its cache, and nobody's flush. Linux: <c>wb_workfn</c>,
/// <c>wb_check_background_flush</c>, <c>wb_check_old_data_flush</c>, <c>wakeup_flusher_threads</c>.
/// </summary>
internal sealed class Flusher : IThreadPoolWorkItem, IDisposable
{
    /// <summary>The timer fires no sooner after it fired than this part of the age, however many mappings become too old one after the other. Linux: 5 seconds of 30.</summary>
    private const int SoonestPart = 6;

    private readonly PageTable _table;
    private readonly Writeback _writeback;
    private readonly int _backgroundPages;
    private readonly PageCacheOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer? _timer;
    private readonly Latch _latch = new();
    private readonly StripedCounter _writtenByAge = new();
    private readonly StripedCounter _writtenForMemory = new();

    // Under the latch: what whoever waits for progress waits for; null: nobody does.
    private TaskCompletionSource? _progress;

    // 1: a thread of the pool is at it, or about to be. Whoever sets it has it run.
    // No reason is lost: whoever gives one sets its word, then looks here; who ends clears this, then looks at the words. Order: full fences on both sides.   [cache-kick-against-flusher]
    private uint _running;

    // Pages that are to be written because memory is short. Writers: who asks raises it, who writes takes it.
    private uint _wanted;

    // 1: the timer fired, and nobody has looked what is too old.
    private uint _isDue;

    // 1: the timer is going to fire, or has and isn't set anew yet. As _running: who makes a page dirty counts it, then looks here; who finds nothing dirty clears this, then looks at the count.   [cache-age-against-write]
    private uint _isArmed;

    // 1: somebody waits for progress, or has waited in vain since the last. Order: as _running.
    private uint _isAwaited;

    // 1: somebody has waited in vain since the last progress.
    private uint _isStuck;
    private uint _stopped;

    public Flusher(PageTable table, Writeback writeback, int backgroundPages, PageCacheOptions options, TimeProvider time)
    {
        _table = table;
        _writeback = writeback;
        _backgroundPages = backgroundPages;
        _options = options;
        _time = time;
        if (options.DirtyExpire == Timeout.InfiniteTimeSpan)
            return;

        // Whoever makes a cache need not stay alive with it through what flows with its execution.
        using (AsyncFlowControl? suppressed = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow())
            _timer = time.CreateTimer(static state => Tick((WeakReference<Flusher>)state!), new WeakReference<Flusher>(this), Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Pages that were written because their mapping was dirty for too long.</summary>
    public long WrittenByAge => _writtenByAge.Value;

    /// <summary>Pages that were written because memory was short, or a miss found no victim.</summary>
    public long WrittenForMemory => _writtenForMemory.Value;

    /// <summary>Whether anything is written because of its age.</summary>
    public bool HasAges => _timer is not null;

    /// <summary>The time, in units of the clock.</summary>
    public long Now => _time.GetTimestamp();

    private bool IsStopped => Atomics.LoadAcquire(ref _stopped) != 0;

    /// <summary>A page has become dirty, and is counted.</summary>
    /// <param name="dirty">How many are.</param>
    public void NoteDirty(long dirty)
    {
        if (_timer is not null && Atomics.LoadAcquire(ref _isArmed) == 0)
            Arm();
        if (dirty > _backgroundPages && Atomics.LoadAcquire(ref _running) == 0)
            Start();
    }

    /// <summary>Has pages written, because somebody needs memory or a place, and they are dirty. Cheap: called in the middle of an allocation.</summary>
    /// <param name="pages">How many.</param>
    /// <returns>False: none is dirty.</returns>
    public bool Kick(int pages)
    {
        if (_writeback.Dirty == 0 || IsStopped)
            return false;

        // Ends: it fails only if somebody has asked for more meanwhile, or has taken it.
        for (var wanted = Atomics.LoadAcquire(ref _wanted); wanted < (uint)pages;)
        {
            var found = Atomics.CompareExchange(ref _wanted, (uint)pages, wanted);
            if (found == wanted)
                break;
            wanted = found;
        }

        Start();
        return true;
    }

    /// <summary>
    /// Waits until a pass has been written, a moment at most. For whoever has found nothing else to free: its pages may be free then. Not from inside a mapping's writeback, which this would wait for; and never for long, since the
    /// caller may hold what the store needs.
    /// </summary>
    /// <returns>False: none was, or it wasn't waited for.</returns>
    public bool WaitForProgress()
    {
        if (_options.LongestReclaimWait == TimeSpan.Zero || Atomics.LoadAcquire(ref _isStuck) != 0 || IsInWriteback())
            return false;
        Task progress;
        using (_latch.Hold())
            progress = (_progress ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        Atomics.Exchange(ref _isAwaited, 1);

        // What was asked for may be over already, and nobody would tell.
        if (Atomics.LoadAcquire(ref _running) == 0 || IsStopped)
            return !IsStopped;
        if (progress.Wait(_options.LongestReclaimWait))
            return true;
        Atomics.Exchange(ref _isStuck, 1);
        return false;
    }

    /// <summary>Pages of a mapping have been written: whoever waits for memory may look again.</summary>
    public void TellProgress()
    {
        if (Atomics.LoadAcquire(ref _isAwaited) == 0)
            return;
        Atomics.Exchange(ref _isAwaited, 0);
        Atomics.StoreRelease(ref _isStuck, 0);
        TaskCompletionSource? progress;
        using (_latch.Hold())
            (progress, _progress) = (_progress, null);
        progress?.SetResult();
    }

    /// <summary>Stops: what is under way ends with the mapping that it is at. Idempotent.</summary>
    public void Dispose()
    {
        Atomics.Exchange(ref _stopped, 1);
        _timer?.Dispose();
        TellProgress();
    }

    void IThreadPoolWorkItem.Execute() => Run();

    /// <summary>Fires the timer's part: writes what is too old, unless somebody is at it, who then does.</summary>
    internal void Expire()
    {
        Atomics.Exchange(ref _isDue, 1);
        if (Atomics.Exchange(ref _running, 1) == 0)
            Run();
    }

    private static void Tick(WeakReference<Flusher> flusher)
    {
        if (flusher.TryGetTarget(out var target))
            target.Expire();
    }

    private void Start()
    {
        if (Atomics.Exchange(ref _running, 1) == 0)
            _options.QueueFlusher(this);
    }

    private void Run()
    {
        // Ends: each turn but the last somebody has given another reason.
        do
        {
            var isDone = false;
            try
            {
                isDone = Write();
            }
            catch (OutOfMemoryException)
            {
                // Of the collector's memory. What is dirty stays so: whoever flushes finds out.
            }

            Atomics.Exchange(ref _running, 0);

            // Whoever waits for what isn't written after all.
            TellProgress();
            if (!IsAsked && !(isDone && IsAboveBackground))
                return;
        }
        while (Atomics.Exchange(ref _running, 1) == 0);
    }

    /// <summary>Whether somebody has asked since it was last done: the timer, or whoever needs memory.</summary>
    private bool IsAsked => !IsStopped && (Atomics.LoadAcquire(ref _isDue) != 0 || Atomics.LoadAcquire(ref _wanted) != 0);

    private bool IsAboveBackground => !IsStopped && _writeback.Dirty > _backgroundPages;

    /// <returns>False: too many are dirty still, and somebody else is writing them.</returns>
    private bool Write()
    {
        // Ends: each turn writes a page or does what was asked for, or nobody has a page that isn't being written.
        while (IsAsked || IsAboveBackground)
        {
            if (Atomics.Exchange(ref _isDue, 0) != 0)
                WriteExpired();
            WriteWanted();
            if (IsAboveBackground && _writeback.WriteBackAny() == 0)
                return false;
        }

        return true;
    }

    private void WriteWanted()
    {
        // Taken before anything is written: whoever asks from here on finds nothing asked for, and what he made dirty is written for him.   [cache-kick-against-flusher]
        // Ends: each turn writes a page.
        for (var left = (long)Atomics.Exchange(ref _wanted, 0); left > 0 && !IsStopped;)
        {
            var written = _writeback.WriteBackAny();
            if (written == 0)
                return;
            _writtenForMemory.Add(written);
            left -= written;
        }
    }

    private void WriteExpired()
    {
        try
        {
            var now = Now;
            foreach (var mapping in _table.Mappings())
            {
                if (!IsStopped && mapping.DirtySince is { } since && _time.GetElapsedTime(since, now) >= _options.DirtyExpire)
                    _writtenByAge.Add(mapping.WriteBackAll());
            }
        }
        finally
        {
            Rearm();
        }
    }

    /// <summary>Sets the timer to when the next mapping is too old. Where none is dirty it stands still until one is.</summary>
    private void Rearm()
    {
        if (IsStopped)
            return;
        var now = Now;
        var next = TimeSpan.MaxValue;
        foreach (var mapping in _table.Mappings())
        {
            if (mapping.DirtySince is { } since && _options.DirtyExpire - _time.GetElapsedTime(since, now) is var left && left < next)
                next = left;
        }

        if (next < TimeSpan.MaxValue)
        {
            SetTimer(next);
            return;
        }

        Atomics.Exchange(ref _isArmed, 0);
        if (_writeback.Dirty > 0)
            Arm();
    }

    private void Arm()
    {
        if (Atomics.Exchange(ref _isArmed, 1) == 0)
            SetTimer(_options.DirtyExpire);
    }

    private void SetTimer(TimeSpan left)
    {
        var soonest = _options.DirtyExpire / SoonestPart;
        _timer!.Change(left > soonest ? left : soonest, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the calling thread is in a store of this cache, which memory must not wait for.</summary>
    public bool IsInWriteback() => Array.Exists(_table.Mappings(), static mapping => mapping.IsInWriteback);
}
