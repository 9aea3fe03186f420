using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;

namespace FolioRuntime.Slabs;

/// <summary>Reports what is found in one cache, with all that is known of the slot. Listeners are user code: callers hold no latch.</summary>
internal sealed class SlabReporter(ViolationLog log, FrameTable tables, SlabType type, LifeTracks? tracks)
{
    private const int MostOutstanding = 16;

    public LifeTracks? Tracks { get; } = tracks;

    public Violation Report(ViolationKind kind, uint index, uint generation, string detail, Exception? exception = null) =>
        log.Report(Describe(kind, index, generation, detail, exception));

    /// <summary>Tells of a return that its slab's owner found to be no good, some time after it was made.</summary>
    public void ReportRefused(uint index, uint generation)
    {
        var (kind, detail) = JudgeEnded(index, generation);
        Report(kind, index, generation, $"{detail}, on another thread than its renter's; found only now");
    }

    /// <summary>What a return of a life that has ended is.</summary>
    public (ViolationKind Kind, string Detail) JudgeEnded(uint index, uint generation) =>
        Lifetime.Load(ref tables.SlotWord(index)).Generation == generation + 1
            ? (ViolationKind.DoubleReturn, "it was returned before")
            : (ViolationKind.StaleReturn, "the slot is in another generation");

    /// <summary>As <see cref="Report"/>, of an index that belongs to another cache, which may know more of it, or to no object: then a slot near it is known.</summary>
    public Violation ReportForeign(uint index, uint generation, string detail, LifeTracks? theirs, uint knownIndex)
    {
        var (rented, returned) = (theirs ?? Tracks)?.Of(knownIndex) ?? default;
        return log.Report(Describe(ViolationKind.ForeignHandle, index, generation, detail) with { RentedBy = rented, ReturnedBy = returned });
    }

    public void ReportDamage(SlabDamage damage) =>
        log.Report(Describe(ViolationKind.Corruption, damage.Index, LastGenerationOf(damage.Index), damage.What) with { Dump = damage.Dump });

    /// <summary>Tells how many objects are out at the end of the cache, and which of them were rented by whom, where that is known.</summary>
    public void ReportOutstanding(long count)
    {
        var outstanding = Tracks?.Outstanding(MostOutstanding) ?? [];
        var (index, generation) = outstanding is [var first, ..] ? (first.Index, first.Generation) : default;
        log.Report(new Violation(ViolationKind.OutstandingAtDispose, type.Name, index, generation, $"{count} objects were out when the cache was disposed", null)
        {
            TypeName = type.TypeName,
            Outstanding = outstanding,
        });
    }

    private Violation Describe(ViolationKind kind, uint index, uint generation, string detail, Exception? exception = null)
    {
        var (rented, returned) = Tracks?.Of(index) ?? default;
        return new Violation(kind, type.Name, index, generation, detail, exception) { TypeName = type.TypeName, RentedBy = rented, ReturnedBy = returned };
    }

    // A dead word holds the generation that comes next; 0 has never been issued.
    private uint LastGenerationOf(uint index)
    {
        if (index >= tables.SlotLimit)
            return 0;
        var word = Lifetime.Load(ref tables.SlotWord(index));
        return word.IsLive || word.IsOwned || word.Generation == 0 ? word.Generation : word.Generation - 1;
    }
}
