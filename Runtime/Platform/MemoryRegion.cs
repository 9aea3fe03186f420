using System.Runtime.InteropServices;

namespace FolioRuntime.Platform;

/// <summary>
/// One contiguous piece of address space, and the only owner of it: it is given back by <see cref="SafeHandle.Dispose()"/>
/// or, if nobody calls that, by the finalizer. Whoever may follow an address into the region keeps the region object
/// reachable, so a reader that races the end of the runtime finds mapped memory.
/// <code>
///   Base                                                   Base + SizeBytes
///   | committed: readable, writable | reserved: faults ... |
///     discarded within: still readable, memory gone
/// </code>
/// Every operation takes a range of whole pages inside the region and is safe on any thread; what two operations on
/// overlapping ranges leave is up to the callers. An operation holds the region open for as long as it runs, so it can't
/// meet a mapping that a racing Dispose took away: it either finishes first or throws <see cref="ObjectDisposedException"/>.
/// An empty range does nothing. A failing one throws <see cref="VirtualMemoryException"/> and leaves the region usable.
/// </summary>
internal abstract class MemoryRegion : SafeHandle
{
    /// <summary>Bytes of the huge pages meant by <see cref="TryCommitHuge"/>.</summary>
    public const int HugePageBytes = 2 << 20;

    private readonly int _pageBytes;

    protected MemoryRegion(long sizeBytes, int pageBytes)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        SizeBytes = sizeBytes;
        _pageBytes = pageBytes;
    }

    /// <summary>Address of the first byte; a multiple of the alignment asked for. Means nothing once the region is closed.</summary>
    public nint Base { get; protected set; }

    public long SizeBytes { get; }

    public sealed override bool IsInvalid => handle == 0;

    /// <summary>Whether the memory lies in a managed array, so that <see cref="TryGetArray"/> succeeds.</summary>
    public virtual bool HasArray => false;

    /// <summary>Whether <see cref="Discard"/> gives memory back to the system.</summary>
    public virtual bool DiscardGivesBack => true;

    /// <summary>Whether <see cref="Discard"/>, where it doesn't throw, always leaves zeros.</summary>
    public virtual bool DiscardsToZero => false;

    /// <summary>Makes pages readable and writable. Those not committed before hold zeros; those that were keep their content.</summary>
    /// <exception cref="VirtualMemoryException">The system has not the memory, or a limit forbids it. Nothing in the range may be relied on; trying again is allowed.</exception>
    public void Commit(long offsetBytes, long lengthBytes)
    {
        if (IsEmpty(offsetBytes, lengthBytes))
            return;
        using var hold = new RegionHold(this);
        CommitCore(offsetBytes, lengthBytes);
    }

    /// <summary>
    /// Commits whole huge pages, aligned as they are, out of those that the administrator has set aside. They hold zeros and are promised to this range until
    /// <see cref="TryReplaceHuge"/> or its end; they can't be discarded. What was excluded from forks and dumps has to be so again. False: there are not enough, or this system has
    /// no such pages, or the range isn't made of them; nothing changed.
    /// </summary>
    public bool TryCommitHuge(long offsetBytes, long lengthBytes)
    {
        if (IsEmpty(offsetBytes, lengthBytes))
            return true;
        if (((Base + offsetBytes) | lengthBytes) % HugePageBytes != 0)
            return false;
        using var hold = new RegionHold(this);
        return TryCommitHugeCore(offsetBytes, lengthBytes);
    }

    /// <summary>
    /// Gives committed huge pages back, and puts ordinary ones of zeros, committed too, in their place, in one step for whoever reads there; what was advised or excluded has to be so again. Where
    /// they are ordinary already it does the same. False: the system refuses, and nothing changed.
    /// </summary>
    public bool TryReplaceHuge(long offsetBytes, long lengthBytes)
    {
        if (IsEmpty(offsetBytes, lengthBytes))
            return true;
        if (((Base + offsetBytes) | lengthBytes) % HugePageBytes != 0)
            return false;
        using var hold = new RegionHold(this);
        return TryReplaceHugeCore(offsetBytes, lengthBytes);
    }

    /// <summary>
    /// Gives up the content of committed pages, and their memory where <see cref="DiscardGivesBack"/>. They stay committed:
    /// readable and writable throughout, without a moment in which a racing reader would fault.
    /// </summary>
    /// <returns>True: the range is zero now. False: it holds anything, old content included, and the next user must clear it.</returns>
    public bool Discard(long offsetBytes, long lengthBytes)
    {
        if (IsEmpty(offsetBytes, lengthBytes))
            return true;
        using var hold = new RegionHold(this);
        return DiscardCore(offsetBytes, lengthBytes);
    }

    /// <summary>
    /// Makes committed pages fault when touched, which ends the process, or makes them usable again. Content stays. False: this backing can't, and nothing changed.
    /// </summary>
    /// <exception cref="VirtualMemoryException">The system refused. Any part of the range may have either access; trying again is allowed.</exception>
    public bool SetAccess(long offsetBytes, long lengthBytes, bool allowed)
    {
        if (IsEmpty(offsetBytes, lengthBytes))
            return true;
        using var hold = new RegionHold(this);
        return SetAccessCore(offsetBytes, lengthBytes, allowed);
    }

    /// <summary>Asks for transparent huge pages. False: this system has none, and nothing changed.</summary>
    public bool AdviseHugePages(long offsetBytes, long lengthBytes)
    {
        if (IsEmpty(offsetBytes, lengthBytes))
            return true;
        using var hold = new RegionHold(this);
        return AdviseHugePagesCore(offsetBytes, lengthBytes);
    }

    /// <summary>Has the pages of the range, which nobody has touched, come from a node where it has any. A wish: they come from others else. False: this system can't, or won't.</summary>
    public bool PreferNode(long offsetBytes, long lengthBytes, int systemNode)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(systemNode);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(systemNode, 64);
        if (IsEmpty(offsetBytes, lengthBytes))
            return true;
        using var hold = new RegionHold(this);
        return PreferNodeCore(offsetBytes, lengthBytes, systemNode);
    }

    /// <summary>Keeps the range out of a forked child. False: this system can't say so. True where nothing forks.</summary>
    public bool ExcludeFromFork(long offsetBytes, long lengthBytes)
    {
        if (IsEmpty(offsetBytes, lengthBytes))
            return true;
        using var hold = new RegionHold(this);
        return ExcludeFromForkCore(offsetBytes, lengthBytes);
    }

    /// <summary>Keeps the range out of the core files that the kernel writes. False: this system can't say so.</summary>
    public bool ExcludeFromDump(long offsetBytes, long lengthBytes)
    {
        if (IsEmpty(offsetBytes, lengthBytes))
            return true;
        using var hold = new RegionHold(this);
        return ExcludeFromDumpCore(offsetBytes, lengthBytes);
    }

    /// <summary>The part of the array behind a range, which need not be whole pages. False where <see cref="HasArray"/> is.</summary>
    public virtual bool TryGetArray(long offsetBytes, int lengthBytes, out ArraySegment<byte> segment)
    {
        segment = default;
        return false;
    }

    protected abstract void CommitCore(long offsetBytes, long lengthBytes);

    protected virtual bool TryCommitHugeCore(long offsetBytes, long lengthBytes) => false;

    protected virtual bool TryReplaceHugeCore(long offsetBytes, long lengthBytes) => false;

    protected abstract bool DiscardCore(long offsetBytes, long lengthBytes);

    protected abstract bool SetAccessCore(long offsetBytes, long lengthBytes, bool allowed);

    protected abstract bool AdviseHugePagesCore(long offsetBytes, long lengthBytes);

    protected virtual bool PreferNodeCore(long offsetBytes, long lengthBytes, int systemNode) => false;

    protected abstract bool ExcludeFromForkCore(long offsetBytes, long lengthBytes);

    protected abstract bool ExcludeFromDumpCore(long offsetBytes, long lengthBytes);

    /// <summary>Throws unless the range lies within the region.</summary>
    protected void RequireInside(long offsetBytes, long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offsetBytes, SizeBytes);
        // Subtracts rather than adds, so that it can't overflow.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, SizeBytes - offsetBytes);
    }

    private bool IsEmpty(long offsetBytes, long lengthBytes)
    {
        RequireInside(offsetBytes, lengthBytes);
        ReservationArguments.RequireWholePages(offsetBytes, _pageBytes, nameof(offsetBytes));
        ReservationArguments.RequireWholePages(lengthBytes, _pageBytes, nameof(lengthBytes));
        return lengthBytes == 0;
    }
}
