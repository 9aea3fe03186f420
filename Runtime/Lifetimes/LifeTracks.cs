using FolioRuntime.Primitives;

namespace FolioRuntime.Lifetimes;

/// <summary>
/// Who began lives of the slots of a cache, or of the folios of owners: of all, or of a sample. Nothing is done when a life ends: its word says whether the generation that was tracked is
/// still out, so a return costs what it costs without. Where returns are kept too (<see cref="KeepsReturns"/>), records stay also for slots whose slab went back to the
/// pages, so that a late return finds them; else those of ended lives are dropped now and then. Thread-safe.
/// </summary>
/// <param name="wordOf">The lifetime word of an index.</param>
/// <param name="generations">What the words issue.</param>
/// <param name="log">Where leaks are reported.</param>
/// <param name="time">The clock of ages.</param>
internal sealed class LifeTracks(Func<uint, LifetimeWord> wordOf, GenerationSpace generations, ViolationLog log, TimeProvider time)
{
    private const int FewestPruned = 64;
    private const int MostLostKept = 64;

    private readonly Latch _latch = new();

    // Under the latch.
    private readonly Dictionary<uint, LifeRecord> _records = [];
    private readonly List<Leak> _lost = [];
    private long _lostCount;
    private int _pruneAt = FewestPruned;
    private WeakReference<LifeTracks>? _self;

    /// <summary>The cache or pool, in reports.</summary>
    public required string Subject { get; init; }

    /// <summary>What its objects are, in reports.</summary>
    public required string TypeName { get; init; }

    /// <summary>What is watched for leaks.</summary>
    public required LeakTerms Leaks { get; init; }

    /// <summary>Whether every rent and every return is kept, for reports of all kinds.</summary>
    public bool KeepsReturns { get; init; }

    /// <summary>Objects found unreachable so far.</summary>
    public long LostCount
    {
        get
        {
            using (_latch.Hold())
                return _lostCount;
        }
    }

    /// <summary>Records kept. For tests.</summary>
    public int Count
    {
        get
        {
            using (_latch.Hold())
                return _records.Count;
        }
    }

    /// <summary>Who rented and who returned it last, where all of these are kept.</summary>
    public (LifeTrack? RentedBy, LifeTrack? ReturnedBy) Of(uint index)
    {
        if (!KeepsReturns)
            return default;
        using (_latch.Hold())
            return _records.GetValueOrDefault(index) is var record ? (record.RentedBy, record.ReturnedBy) : default;
    }

    /// <summary>A life begins, or is about to: the caller has the slot. Takes note of it if it is to be tracked.</summary>
    public void Rented(uint index, uint generation)
    {
        if (!KeepsReturns && !Leaks.IsTurn())
            return;
        var track = LifeTrack.Here(generation, time.GetTimestamp());
        using (_latch.Hold())
        {
            if (!KeepsReturns && _records.Count >= _pruneAt)
                PruneUnsynchronized();
            _records[index] = new LifeRecord(track, _records.GetValueOrDefault(index).ReturnedBy, IsLost: false, IsReported: false);
        }
    }

    /// <summary>The owner returned it. It may come late, when others have ended the object since, or even begun another.</summary>
    public void ReturnedByOwner(uint index, uint generation) => Returned(index, generation, replace: true);

    /// <summary>Its life ended, by its owner's return or, if he had returned it before, by somebody's last put.</summary>
    public void Ended(uint index, uint generation) => Returned(index, generation, replace: false);

    /// <summary>For the owner of a life that is tracked, what tells when the owner is garbage; null: it isn't, or leaks aren't looked for.</summary>
    public LeakWatch? Watch(uint index, uint generation)
    {
        if (!Leaks.IsOn)
            return null;
        using (_latch.Hold())
        {
            return _records.TryGetValue(index, out var record) && record.RentedBy?.Generation == generation
                ? new LeakWatch(_self ??= new WeakReference<LifeTracks>(this), index, generation)
                : null;
        }
    }

    /// <summary>The collector found a life's owner unreachable while it was out: reports it, if it is tracked.</summary>
    public void Lost(uint index, uint generation)
    {
        Leak leak;
        using (_latch.Hold())
        {
            if (!Leaks.IsOn || !_records.TryGetValue(index, out var record) || record.RentedBy?.Generation != generation || !wordOf(index).IsHeldAt(generation))
                return;
            leak = Describe(LeakReason.Unreachable, index, record.RentedBy);
            _records[index] = record with { IsLost = true, IsReported = true };
            _lostCount++;
            if (_lost.Count < MostLostKept)
                _lost.Add(leak);
        }

        Report(leak);
    }

    /// <summary>Reports what has been out for too long, each once, and drops what is needed no more.</summary>
    public void ReportAged()
    {
        var found = new List<Leak>();
        using (_latch.Hold())
        {
            if (!KeepsReturns)
                PruneUnsynchronized();
            foreach (var (index, leak) in OutUnsynchronized(LeakReason.TooOld).Where(IsAged))
            {
                if (_records[index].IsReported)
                    continue;
                _records[index] = _records[index] with { IsReported = true };
                found.Add(leak);
            }
        }

        found.ForEach(Report);
    }

    /// <summary>What was lost, and what is out for too long now.</summary>
    public LeakReport Find()
    {
        using (_latch.Hold())
        {
            return new LeakReport
            {
                Leaks = [.. _lost, .. OutUnsynchronized(LeakReason.TooOld).Where(IsAged).Select(pair => pair.Leak)],
                Unnamed = Unnamed(_lostCount - _lost.Count),
            };
        }
    }

    /// <summary>All that is out now.</summary>
    /// <param name="count">How many objects are.</param>
    public LeakReport StillOut(long count)
    {
        using (_latch.Hold())
        {
            Leak[] leaks = [.. OutUnsynchronized(LeakReason.NotReturned, lostToo: true).Select(pair => pair.Leak)];
            return new LeakReport { Leaks = leaks, Unnamed = Unnamed(count - leaks.Length) };
        }
    }

    /// <summary>The tracked lives that are out, with who began them and who ended one there last.</summary>
    public IReadOnlyList<OutstandingObject> Outstanding(int most)
    {
        using (_latch.Hold())
        {
            return [.. OutUnsynchronized(LeakReason.NotReturned, lostToo: true).OrderBy(pair => pair.Index).Take(most)
                .Select(pair => new OutstandingObject(pair.Index, pair.Leak.Generation, pair.Leak.RentedBy, _records[pair.Index].ReturnedBy))];
        }
    }

    private bool IsAged((uint Index, Leak Leak) pair) => pair.Leak.Age >= Leaks.AgeLimit;

    private Dictionary<string, long> Unnamed(long count) => count > 0 ? new() { [Subject] = count } : [];

    private (uint Index, Leak Leak)[] OutUnsynchronized(LeakReason reason, bool lostToo = false) =>
        [.. _records.Where(pair => pair.Value.RentedBy is { } track && (lostToo || !pair.Value.IsLost) && wordOf(pair.Key).IsHeldAt(track.Generation))
            .Select(pair => (pair.Key, Describe(reason, pair.Key, pair.Value.RentedBy!)))];

    private Leak Describe(LeakReason reason, uint index, LifeTrack rentedBy) =>
        new(reason, Subject, TypeName, Leaks.Tag, index, rentedBy.Generation, time.GetElapsedTime(rentedBy.Timestamp), rentedBy);

    // Listeners are user code: no latch is held.
    private void Report(Leak leak) => log.Report(new Violation(ViolationKind.Leak, leak.Subject, leak.Index, leak.Generation, leak.Why, null)
    {
        TypeName = leak.TypeName,
        RentedBy = leak.RentedBy,
        Leak = leak,
    });

    // A dead word that has yet to issue the generation is of a rent under way: it stays. So does a word that was discarded after its first life, which looks the same.
    private void PruneUnsynchronized()
    {
        foreach (var (index, record) in _records)
        {
            var word = wordOf(index);
            if (record.RentedBy is { } track && !word.IsHeldAt(track.Generation) && generations.ToIssue(word) != track.Generation)
                _records.Remove(index);
        }

        _pruneAt = Math.Max(FewestPruned, 2 * _records.Count);
    }

    private void Returned(uint index, uint generation, bool replace)
    {
        if (!KeepsReturns)
            return;
        var track = LifeTrack.Here(generation, time.GetTimestamp());
        using (_latch.Hold())
        {
            var record = _records.GetValueOrDefault(index);
            if (record.ReturnedBy is not { } returned || returned.Generation < generation || (returned.Generation == generation && replace))
                _records[index] = record with { ReturnedBy = track };
        }
    }
}
