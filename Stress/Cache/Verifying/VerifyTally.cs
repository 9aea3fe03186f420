namespace FolioRuntime.Caching.Verifying;

/// <summary>What was done and seen: by one thread, or by all of them together.</summary>
internal sealed class VerifyTally
{
    public const int MostFaults = 10;

    private readonly List<string> _faults = [];

    /// <summary>Reads by what they were asked by.</summary>
    public Dictionary<ReadWay, long> Reads { get; } = Enum.GetValues<ReadWay>().ToDictionary(way => way, _ => 0L);

    public long BytesChecked { get; set; }

    public long UnjudgedBytes { get; set; }

    public long WrongBytes { get; set; }

    /// <summary>Wrong reads by the control.</summary>
    public int ControlViolations { get; set; }

    /// <summary>Reads that failed because their store did.</summary>
    public long FaultsMet { get; set; }

    /// <summary>Reads that found no memory.</summary>
    public long Refused { get; set; }

    /// <summary>Reads that were given up.</summary>
    public long Cancelled { get; set; }

    public long Rewrites { get; set; }

    public long Writes { get; set; }

    public long Truncations { get; set; }

    public long Holes { get; set; }

    public long Invalidations { get; set; }

    /// <summary>Pages that gave way, to others or to the slab cache, or were asked for.</summary>
    public long PagesGivenUp { get; set; }

    /// <summary>Pages that were read before anybody asked for them.</summary>
    public long PagesReadAhead { get; set; }

    public long LargeFolios { get; set; }
    /// <summary>Pages that the cache wrote to their files.</summary>
    public long PagesWritten { get; set; }

    /// <summary>Of these, those that were because they had been dirty for too long.</summary>
    public long WrittenByAge { get; set; }

    /// <summary>Of these, those that were because memory was short.</summary>
    public long WrittenForMemory { get; set; }

    /// <summary>Blocks that the slab cache beside the page cache got.</summary>
    public long BlocksRented { get; set; }

    /// <summary>Looks at pages of types: by key or handle, and without a reference.</summary>
    public long NodesRead { get; set; }

    public long NodesChanged { get; set; }

    public long NodesDropped { get; set; }

    public long NodesConstructed { get; set; }

    public long NodesDestroyed { get; set; }

    public long NodesCleaned { get; set; }

    /// <summary>What must not happen, in words: the first ones.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Whether something is wrong.</summary>
    public bool IsWrong => WrongBytes > 0 || _faults.Count > 0;

    public void Fault(string fault)
    {
        if (_faults.Count < MostFaults)
            _faults.Add(fault);
    }

    public void Merge(VerifyTally other)
    {
        foreach (var (way, count) in other.Reads)
            Reads[way] += count;
        BytesChecked += other.BytesChecked;
        UnjudgedBytes += other.UnjudgedBytes;
        WrongBytes += other.WrongBytes;
        ControlViolations += other.ControlViolations;
        FaultsMet += other.FaultsMet;
        Refused += other.Refused;
        Cancelled += other.Cancelled;
        Rewrites += other.Rewrites;
        Writes += other.Writes;
        Truncations += other.Truncations;
        Holes += other.Holes;
        Invalidations += other.Invalidations;
        PagesGivenUp += other.PagesGivenUp;
        PagesReadAhead += other.PagesReadAhead;
        LargeFolios += other.LargeFolios;
        PagesWritten += other.PagesWritten;
        WrittenByAge += other.WrittenByAge;
        WrittenForMemory += other.WrittenForMemory;
        BlocksRented += other.BlocksRented;
        NodesRead += other.NodesRead;
        NodesChanged += other.NodesChanged;
        NodesDropped += other.NodesDropped;
        NodesConstructed += other.NodesConstructed;
        NodesDestroyed += other.NodesDestroyed;
        NodesCleaned += other.NodesCleaned;
        foreach (var fault in other.Faults)
            Fault(fault);
    }
}
