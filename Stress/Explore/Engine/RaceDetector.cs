using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Engine;

/// <summary>
/// Finds plain accesses of different threads to the same memory, one of them a write, that nothing orders: no release that the other acquired,
/// no latch, no end of a thread. Such a pair is wrong under every memory model weaker than the order in which it happened here, so this looks
/// further than the executions do. Source: vector clocks as in Flanagan and Freund, FastTrack, 2009.
/// </summary>
internal sealed class RaceDetector
{
    private static readonly string[] s_seam = [.. Enum.GetValues<SeamOperation>().Select(static operation => $"by {operation}")];

    private readonly Dictionary<nint, int[]> _released = [];
    private readonly Dictionary<nint, Shadow> _shadows = [];

    // Of executions before, to be used again: half a million are explored, of a hundred places each.
    private readonly Stack<Shadow> _spare = [];
    private int[][] _clocks = [];

    /// <summary>The first race found, in words.</summary>
    public string? Found { get; private set; }

    /// <summary>An execution begins.</summary>
    public void Begin(int threads)
    {
        Found = null;
        _released.Clear();
        foreach (var shadow in _shadows.Values)
        {
            shadow.Clear();
            _spare.Push(shadow);
        }

        _shadows.Clear();
        if (_clocks.Length != threads)
            _clocks = [.. Enumerable.Range(0, threads).Select(_ => new int[threads])];
        for (var i = 0; i < threads; i++)
        {
            Array.Clear(_clocks[i]);
            _clocks[i][i] = 1;
        }
    }

    /// <summary>An access through the seam: what it acquires and releases. It may race with plain accesses, though not with its like.</summary>
    public void Synchronise(in Step step)
    {
        if (step.Access.IsReadModifyWrite || step.Access.Operation is SeamOperation.LoadAcquire or SeamOperation.LatchEnter or SeamOperation.ThreadState)
            Acquire(step.Thread, step.Access.Address);
        if (step.Access.IsMemory && !step.Access.IsContent)
            Note(step.Thread, step.Access.Address, 1, step.Wrote, isPlain: false, s_seam[(int)step.Access.Operation]);
        switch (step.Access.Operation)
        {
            case SeamOperation.StoreRelease:
                if (_released.TryGetValue(step.Access.Address, out var released))
                    _clocks[step.Thread].CopyTo(released, 0);
                else
                    _released.Add(step.Access.Address, (int[])_clocks[step.Thread].Clone());
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
            _shadows.Add(address, shadow = _spare.TryPop(out var spare) ? spare : new Shadow());
        var clock = _clocks[thread];
        foreach (ref readonly var earlier in shadow.Accesses)
        {
            if (earlier.Thread != thread && (earlier.IsWrite || isWrite) && (earlier.IsPlain || isPlain) && clock[earlier.Thread] < earlier.Time)
            {
                Found = $"data race: {LogicalThread.NameOf(earlier.Thread)} {earlier.Verb} {earlier.What}, and nothing orders it before {LogicalThread.NameOf(thread)} that {(isWrite ? "writes" : "reads")} {what}";
                return;
            }
        }

        shadow.Note(new Noted(thread, clock[thread], isWrite, isPlain, what));
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

        public bool IsLike(in Noted other) => Thread == other.Thread && IsWrite == other.IsWrite && IsPlain == other.IsPlain;
    }

    /// <summary>The last access of each thread and kind, the newest last.</summary>
    private sealed class Shadow
    {
        private Noted[] _accesses = new Noted[4];
        private int _count;

        public ReadOnlySpan<Noted> Accesses => _accesses.AsSpan(0, _count);

        public void Note(in Noted noted)
        {
            var at = 0;
            while (at < _count && !_accesses[at].IsLike(noted))
                at++;
            if (at == _count)
                _count++;
            if (at == _accesses.Length)
                Array.Resize(ref _accesses, 2 * at);
            Array.Copy(_accesses, at + 1, _accesses, at, _count - 1 - at);
            _accesses[_count - 1] = noted;
        }

        public void Clear() => _count = 0;
    }
}
