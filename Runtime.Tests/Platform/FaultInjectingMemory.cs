using FolioRuntime.Platform;

namespace FolioRuntime.Tests.Platform;

/// <summary>
/// Memory whose n-th call fails, before it reaches the memory beneath. With <see cref="FailingCall"/> at 0 nothing fails
/// and the calls are only counted, which tells a sweep how many n there are (<see cref="FaultSweep"/>). Safe on any
/// thread; set the properties while nobody calls.
/// </summary>
internal sealed class FaultInjectingMemory(IVirtualMemory inner) : IVirtualMemory
{
    /// <summary>What every injected failure reports: ENOMEM on Linux.</summary>
    public const int InjectedErrorCode = 12;

    private readonly long[] _callCounts = new long[Enum.GetValues<MemoryOperation>().Length];
    private long _countedCalls;
    private long _failures;
    private int _openRegions;
    private volatile bool _lifted;

    /// <summary>Which call fails, from 1; 0: none.</summary>
    public long FailingCall { get; set; }

    /// <summary>Every later call fails too, as when memory stays short.</summary>
    public bool FailuresPersist { get; set; }

    /// <summary>Counts towards <see cref="FailingCall"/>, and fails, only calls of this kind; null: of every kind.</summary>
    public MemoryOperation? FailingOperation { get; set; }

    /// <summary>Calls of all kinds so far, failed ones included.</summary>
    public long CallCount => _callCounts.Sum();

    /// <summary>Failures injected so far.</summary>
    public long FailureCount => Volatile.Read(ref _failures);

    /// <summary>Regions reserved and not yet released.</summary>
    public int OpenRegions => Volatile.Read(ref _openRegions);

    public int PageBytes => inner.PageBytes;

    public long CallCountOf(MemoryOperation operation) => Volatile.Read(ref _callCounts[(int)operation]);

    public MemoryRegion Reserve(long sizeBytes, long alignmentBytes)
    {
        BeforeCall(MemoryOperation.Reserve, sizeBytes);
        var region = new FaultInjectingRegion(this, inner.Reserve(sizeBytes, alignmentBytes));
        Interlocked.Increment(ref _openRegions);
        return region;
    }

    /// <summary>From now on calls neither fail nor count: for the part of a scenario that shows the recovery.</summary>
    public void Lift() => _lifted = true;

    /// <summary>Forgets the counts, not the settings, and undoes <see cref="Lift"/>.</summary>
    public void ResetCounts()
    {
        Array.Clear(_callCounts);
        _countedCalls = 0;
        _failures = 0;
        _lifted = false;
    }

    /// <summary>Commits of huge pages are ordinary ones that succeed, whatever the system beneath has.</summary>
    public bool PretendsToHaveHugePages { get; set; }

    /// <summary>Says that discarding gives nothing back, whatever the memory beneath does.</summary>
    public bool GivesNothingBack { get; init; }

    /// <summary>Which nodes ranges should come from, in the order of the wishes. They go no further: the system beneath may have other nodes.</summary>
    public List<(long OffsetBytes, long LengthBytes, int Node)> Preferences { get; } = [];

    /// <summary>As <see cref="BeforeCall"/>, for calls that say so when they are refused.</summary>
    internal bool TryBeforeCall(MemoryOperation operation, long sizeBytes)
    {
        try
        {
            BeforeCall(operation, sizeBytes);
            return true;
        }
        catch (VirtualMemoryException)
        {
            return false;
        }
    }

    /// <exception cref="VirtualMemoryException">It is this call's turn to fail.</exception>
    internal void BeforeCall(MemoryOperation operation, long sizeBytes)
    {
        if (_lifted)
            return;
        Interlocked.Increment(ref _callCounts[(int)operation]);
        if (FailingOperation is { } only && only != operation)
            return;
        var number = Interlocked.Increment(ref _countedCalls);
        if (FailingCall == 0 || number < FailingCall || (number > FailingCall && !FailuresPersist))
            return;
        Interlocked.Increment(ref _failures);
        throw new VirtualMemoryException($"injected {operation}", sizeBytes, InjectedErrorCode);
    }

    internal void RegionReleased() => Interlocked.Decrement(ref _openRegions);
}
