namespace FolioRuntime.Pages;

/// <content>
/// When free memory is getting short (docs/MEMORY.md). Looked at where blocks are taken out of the buddy system, under the latch; threads' lists know
/// nothing of it. What counts is what could still be handed out: free frames, and those that the capacity lets be committed.
/// <code>
///   available ≥ low            nothing happens
///             &lt; low            the reclaimer is woken, once; it frees until there are high, and is then ready to be woken again
///             &lt; min            only for those who free memory, and for the last attempt of the others (while anybody could use the reserve)
/// </code>
/// Linux: <c>__zone_watermark_ok</c>, <c>wakeup_kswapd</c>.
/// </content>
internal sealed partial class PageAllocator
{
    private readonly long _minFrames;
    private readonly long _lowFrames;
    private readonly long _highFrames;

    // Under the latch.
    private int _reserveUsers;
    private bool _isAwake;

    /// <summary>Has memory freed in the background. Called with no latch held, by a thread that found less than the low watermark; once, until <see cref="RearmWake"/>.</summary>
    public Action? WakeReclaimer { get; set; }

    /// <summary>Frames that could still be handed out; those in threads' lists don't count.</summary>
    public long AvailableFrames
    {
        get
        {
            using (_latch.Hold())
                return AvailableUnsynchronized();
        }
    }

    /// <summary>Whether there is less than the high watermark.</summary>
    public bool IsBelowHigh => _highFrames != 0 && AvailableFrames < _highFrames;

    /// <summary>Whether frames are kept for those who free memory.</summary>
    public bool HasReserve
    {
        get
        {
            if (_minFrames == 0)
                return false;
            using (_latch.Hold())
                return _reserveUsers != 0;
        }
    }

    /// <summary>Somebody may have to allocate in order to free: from now on there is a reserve, of the lowest watermark.</summary>
    public void AddReserveUser()
    {
        using (_latch.Hold())
            _reserveUsers++;
    }

    /// <summary>Undoes <see cref="AddReserveUser"/>.</summary>
    public void RemoveReserveUser()
    {
        using (_latch.Hold())
            _reserveUsers--;
    }

    /// <summary>The next thread that finds less than the low watermark wakes again.</summary>
    public void RearmWake()
    {
        using (_latch.Hold())
            _isAwake = false;
    }

    /// <summary>Empties all threads' lists into the buddy system.</summary>
    public void DrainLists() => _lists.DrainAll(_freeCached);

    private long AvailableUnsynchronized() =>
        _buddy.FreeFrames + Math.Max(0, Math.Min(CapacityFrames + _retiredFrames, _frames.FrameCount) - _frames.CommittedFrames);

    /// <summary>Whether so many frames would come out of a reserve that isn't the caller's.</summary>
    private bool IsReservedUnsynchronized(long frames) =>
        _minFrames != 0 && _reserveUsers != 0 && AvailableUnsynchronized() - frames < _minFrames && !ReclaimScope.IsActive;

    private bool MustWakeUnsynchronized()
    {
        if (_lowFrames == 0 || _isAwake || AvailableUnsynchronized() >= _lowFrames)
            return false;
        _isAwake = true;
        return true;
    }
}
