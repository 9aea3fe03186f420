using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Engine;

/// <summary>
/// Finds plain accesses of different threads to the same memory, one of them a write, that nothing orders: no release that the other acquired,
/// no latch, no end of a thread. Such a pair is wrong under every memory model weaker than the order in which it happened here, so this looks
/// further than the executions do. Source: vector clocks as in Flanagan and Freund, FastTrack, 2009.
/// </summary>
internal sealed class RaceDetector
{
    private readonly int[][] _clocks;
    private readonly Dictionary<nint, int[]> _released = [];
    private readonly Dictionary<nint, Shadow> _shadows = [];

    public RaceDetector(int threads)
    {
        _clocks = new int[threads][];
        for (var i = 0; i < threads; i++)
        {
            _clocks[i] = new int[threads];
            _clocks[i][i] = 1;
        }
    }

    /// <summary>The first race found, in words.</summary>
    public string? Found { get; private set; }

    /// <summary>An access through the seam: what it acquires and releases. It may race with plain accesses, though not with its like.</summary>
    public void Synchronise(in Step step)
    {
        if (step.Access.IsReadModifyWrite || step.Access.Operation is SeamOperation.LoadAcquire or SeamOperation.LatchEnter or SeamOperation.ThreadState)
            Acquire(step.Thread, step.Access.Address);
        if (step.Access.IsMemory && !step.Access.IsContent)
            Note(step.Thread, step.Access.Address, 1, step.Wrote, isPlain: false, $"by {step.Access.Operation}");
        switch (step.Access.Operation)
        {
            case SeamOperation.StoreRelease:
                _released[step.Access.Address] = (int[])_clocks[step.Thread].Clone();
                _clocks[step.Thread][step.Thread]++;
                break;
            case SeamOperation.LatchLeave or SeamOperation.ThreadEnd:
                Release(step.Thread, step.Access.Address);
                break;
            case SeamOperation.ProcessWideBarrier:
                JoinAll();
                break;
            default:
                if (step.Access.IsReadModifyWrite && step.Wrote)
                    Release(step.Thread, step.Access.Address);
                break;
        }
    }

    public void Read(int thread, nint address, int sizeBytes, string what) => Note(thread, address, sizeBytes, isWrite: false, isPlain: true, what);

    public void Write(int thread, nint address, int sizeBytes, string what) => Note(thread, address, sizeBytes, isWrite: true, isPlain: true, what);

    private void Note(int thread, nint address, int sizeBytes, bool isWrite, bool isPlain, string what)
    {
        if (Found is not null)
            return;

        // Fields don't overlap, so the first byte speaks for an access; one of a whole structure speaks for all that began inside it.
        NoteAt(thread, address, isWrite, isPlain, what);
        if (sizeBytes <= sizeof(ulong))
            return;
        for (var inside = address + 1; inside < address + sizeBytes; inside++)
        {
            if (_shadows.ContainsKey(inside))
                NoteAt(thread, inside, isWrite, isPlain, what);
        }
    }

    private void NoteAt(int thread, nint address, bool isWrite, bool isPlain, string what)
    {
        if (!_shadows.TryGetValue(address, out var shadow))
            _shadows.Add(address, shadow = new Shadow());
        var clock = _clocks[thread];
        foreach (var earlier in shadow.Accesses)
        {
            if (earlier.Thread != thread && (earlier.IsWrite || isWrite) && (earlier.IsPlain || isPlain) && clock[earlier.Thread] < earlier.Time)
            {
                Found = $"data race: {LogicalThread.NameOf(earlier.Thread)} {earlier.Verb} {earlier.What}, and nothing orders it before {LogicalThread.NameOf(thread)} that {(isWrite ? "writes" : "reads")} {what}";
                return;
            }
        }

        shadow.Accesses.RemoveAll(earlier => earlier.Thread == thread && earlier.IsWrite == isWrite && earlier.IsPlain == isPlain);
        shadow.Accesses.Add(new Noted(thread, clock[thread], isWrite, isPlain, what));
    }

    private void Acquire(int thread, nint address)
    {
        if (_released.TryGetValue(address, out var released))
            Join(_clocks[thread], released);
    }

    private void Release(int thread, nint address)
    {
        if (_released.TryGetValue(address, out var released))
            Join(released, _clocks[thread]);
        else
            _released.Add(address, (int[])_clocks[thread].Clone());
        _clocks[thread][thread]++;
    }

    private void JoinAll()
    {
        var all = new int[_clocks.Length];
        foreach (var clock in _clocks)
            Join(all, clock);
        for (var thread = 0; thread < _clocks.Length; thread++)
        {
            Join(_clocks[thread], all);
            _clocks[thread][thread]++;
        }
    }

    private static void Join(int[] clock, int[] other)
    {
        for (var i = 0; i < clock.Length; i++)
            clock[i] = Math.Max(clock[i], other[i]);
    }

    private readonly record struct Noted(int Thread, int Time, bool IsWrite, bool IsPlain, string What)
    {
        public string Verb => IsWrite ? "wrote" : "read";
    }

    private sealed class Shadow
    {
        public List<Noted> Accesses { get; } = new(2);
    }
}
