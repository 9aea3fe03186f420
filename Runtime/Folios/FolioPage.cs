using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Folios;

/// <summary>
/// One page of a folio in a page cache, whose holder has a reference. References and generation are the folio's; content belongs to pages: each has its own bytes, lock, flags and content sequence, in its frame's
/// record, so that whoever writes to one page disturbs nobody at the others. Of a folio of one frame these are the folio's own.
/// </summary>
internal readonly ref struct FolioPage
{
    private readonly FolioAllocator _allocator;
    private readonly uint _frame;

    /// <summary>The page with an index of a file, in the folio that has it.</summary>
    public FolioPage(FolioAllocator allocator, FolioHandle folio, long index)
    {
        _allocator = allocator;
        _frame = allocator.FrameOfPage(folio, index);
    }

    public Span<byte> Bytes => _allocator.BytesOfFrame(_frame);

    public FolioFlags Flags => (FolioFlags)Atomics.LoadAcquire(ref _allocator.FlagsOfFrame(_frame));

    /// <summary>Sets flags, with a full fence.</summary>
    public void SetFlags(FolioFlags flags) => Atomics.Or(ref _allocator.FlagsOfFrame(_frame), (uint)flags);

    /// <summary>Clears flags, with a full fence.</summary>
    public void ClearFlags(FolioFlags flags) => Atomics.And(ref _allocator.FlagsOfFrame(_frame), ~(uint)flags);

    /// <summary>Waits for the lock. Ends: who has it changes or copies the page's content, and waits for nothing but the mapping's latch.</summary>
    public void Lock()
    {
        for (var wait = default(SpinWait); (Flags & FolioFlags.Locked) != 0 || !TryLock();)
            Atomics.SpinOnce(ref wait);
    }

    public void Unlock()
    {
        var before = Atomics.And(ref _allocator.FlagsOfFrame(_frame), ~(uint)FolioFlags.Locked);
        Invariant.Require(((FolioFlags)before & FolioFlags.Locked) != 0, "only a page that is locked is unlocked");
    }

    /// <summary>From here until the result is disposed optimistic readers of the page fail. Under its lock.</summary>
    public FolioContentWrite BeginWrite()
    {
        ContentSequence.BeginWrite(ref _allocator.SequenceOfFrame(_frame));
        return new FolioContentWrite(_allocator, _frame);
    }

    /// <summary>Takes the lock, if nobody has it.</summary>
    public bool TryLock() => ((FolioFlags)Atomics.Or(ref _allocator.FlagsOfFrame(_frame), (uint)FolioFlags.Locked) & FolioFlags.Locked) == 0;
}
