extern alias instrumented;

using instrumented::FolioRuntime.Primitives;

namespace FolioRuntime.Tests.Schedules;

/// <summary>One access through the seam, about to be made or just made.</summary>
internal readonly record struct SeamEvent(bool IsBefore, SeamOperation Operation, nint Address)
{
    /// <summary>
    /// A place where others can be let in: before a latch or an atomic change. Not the plain stores and loads: those of a biased latch
    /// are where another thread would wait for this one.
    /// </summary>
    public bool IsPlace =>
        IsBefore
        && Operation is (SeamOperation.LatchEnter or SeamOperation.Add or SeamOperation.CompareExchange
            or SeamOperation.Exchange or SeamOperation.Or or SeamOperation.And);

    /// <summary>Stops before every read-modify-write and store of one word: the steps of a lifetime that others can get between.</summary>
    public static Func<SeamEvent, bool> BeforeChanging(nint word) => seen =>
        seen.IsBefore
        && seen.Address == word
        && seen.Operation is SeamOperation.Add or SeamOperation.CompareExchange or SeamOperation.StoreRelease;

    /// <summary>Stops before one kind of access to one word.</summary>
    public static Func<SeamEvent, bool> Before(SeamOperation operation, nint word) => seen =>
        seen.IsBefore && seen.Address == word && seen.Operation == operation;

    /// <summary>Stops after one kind of access to one word.</summary>
    public static Func<SeamEvent, bool> After(SeamOperation operation, nint word) => seen =>
        !seen.IsBefore && seen.Address == word && seen.Operation == operation;
}
