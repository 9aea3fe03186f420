using FolioRuntime.Race.Protocols;

namespace FolioRuntime.Race.Workloads;

/// <summary>
/// Knows what every allocation should be and what became of it. Allocations have numbers that are never used twice:
/// <code>
///   id = round &lt;&lt; 24 | index      index = thread × idsPerThread + n
/// </code>
/// Within a round there is a destroyed count and a holder count for each index. At the end of a round nobody holds
/// anything, so every object must have been destroyed exactly once. It uses its own atomics, not the seam, so it adds
/// nothing to what is being paused.
/// </summary>
internal sealed class Oracle : IWitness
{
    private const int IndexBits = 24;

    private readonly int[] _destroyed;
    private readonly int[] _holders;
    private readonly int[] _issued;
    private readonly int _idsPerThread;
    private readonly long[] _faults = new long[Enum.GetValues<FaultKind>().Length];
    private long _round = 1;
    private long _recycles;

    public Oracle(int threads, int idsPerThread)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads * (long)idsPerThread, 1 << IndexBits);
        _idsPerThread = idsPerThread;
        _destroyed = new int[threads * idsPerThread];
        _holders = new int[threads * idsPerThread];
        _issued = new int[threads];
    }

    /// <summary>Raised on the thread that did it, at once.</summary>
    public event Action<Fault>? FaultFound;

    /// <summary>Objects destroyed: each made its slot free to be used again.</summary>
    public long Recycles => Volatile.Read(ref _recycles);

    public long Count(FaultKind kind) => Volatile.Read(ref _faults[(int)kind]);

    /// <summary>Everything but strangers, which only some protocols promise to refuse.</summary>
    public long DestructionFaults => Enum.GetValues<FaultKind>().Where(kind => kind != FaultKind.StrangerAccepted).Sum(Count);

    /// <summary>A number for the thread's next allocation, or 0 if it has used up this round's.</summary>
    public long NextId(int thread) =>
        _issued[thread] == _idsPerThread ? 0 : (_round << IndexBits) | (uint)(thread * _idsPerThread + _issued[thread]);

    /// <summary>The number was used.</summary>
    public void Issued(int thread) => _issued[thread]++;

    /// <summary>Whether the object was destroyed before this call. Then no look-up that starts now may find it.</summary>
    public bool HasEnded(long id) => id >> IndexBits != _round || Volatile.Read(ref _destroyed[IndexOf(id)]) != 0;

    /// <summary>Somebody holds a reference, since before this call.</summary>
    public void Hold(long id)
    {
        if (IsOfThisRound(id))
            Interlocked.Increment(ref _holders[IndexOf(id)]);
    }

    /// <summary>Somebody is about to drop a reference.</summary>
    public void Release(long id)
    {
        if (IsOfThisRound(id))
            Interlocked.Decrement(ref _holders[IndexOf(id)]);
    }

    public void Destroy(int type, Span<byte> content)
    {
        var (id, contentType, isIntact) = ObjectContent.Read(content);
        if (!IsOfThisRound(id))
        {
            Report(new Fault(FaultKind.ContentCorrupt, type, contentType, id));
            return;
        }

        var times = Interlocked.Increment(ref _destroyed[IndexOf(id)]);
        if (times > 1 || contentType < 0)
            Report(new Fault(FaultKind.DestroyedTwice, type, contentType, id));
        else if (!isIntact)
            Report(new Fault(FaultKind.ContentCorrupt, type, contentType, id));
        else if (contentType != type)
            Report(new Fault(FaultKind.WrongDestructor, type, contentType, id));
        else if (Volatile.Read(ref _holders[IndexOf(id)]) > 0)
            Report(new Fault(FaultKind.DestroyedWhileHeld, type, contentType, id));
        ObjectContent.Wipe(content);
        Interlocked.Increment(ref _recycles);
    }

    public void Complain(string complaint) => Report(new Fault(FaultKind.Complaint, -1, -1, 0, complaint));

    public void Report(Fault fault)
    {
        Interlocked.Increment(ref _faults[(int)fault.Kind]);
        FaultFound?.Invoke(fault);
    }

    /// <summary>All threads stand still and hold nothing: settles the round and starts the next.</summary>
    public void CloseRound()
    {
        for (var thread = 0; thread < _issued.Length; thread++)
        {
            for (var n = 0; n < _issued[thread]; n++)
            {
                var index = thread * _idsPerThread + n;
                if (_destroyed[index] == 0)
                    Report(new Fault(FaultKind.NeverDestroyed, -1, -1, (_round << IndexBits) | (uint)index));
                _destroyed[index] = 0;
                _holders[index] = 0;
            }

            _issued[thread] = 0;
        }

        _round++;
    }

    private static int IndexOf(long id) => (int)(id & ((1 << IndexBits) - 1));

    private bool IsOfThisRound(long id) => id >> IndexBits == _round && IndexOf(id) < _destroyed.Length;
}
