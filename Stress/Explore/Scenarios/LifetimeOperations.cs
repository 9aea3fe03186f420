namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// Everything that can be done to a lifetime word, as operations to be combined, those first that matter most: a combination belongs to the family
/// of the first of its operations.
/// </summary>
internal static class LifetimeOperations
{
    public static IReadOnlyList<LifetimeOperation> All { get; } =
    [
        new("return", "returns the current object by handle, as its owner or as another who has the handle", OperationNeeds.Owner,
            slot => slot.Return(slot.Current)),
        new("put", "uses the reference that it holds and puts it", OperationNeeds.Reference,
            slot => slot.UseAndPut(slot.Current)),
        new("freeze-free", "freezes the object that it holds and frees it, or only puts its reference where there are others", OperationNeeds.Reference | OperationNeeds.Freezes,
            slot =>
            {
                if (!slot.TryFreezeAndFree(slot.Current))
                    slot.Put(slot.Current);
            }),
        new("freeze-change", "freezes the object that it holds, changes it and unfreezes it, unless there are others; puts its reference",
            OperationNeeds.Reference | OperationNeeds.Freezes,
            slot =>
            {
                slot.TryFreezeAndChange(slot.Current);
                slot.Put(slot.Current);
            }),
        new("change", "changes the content of the object that it holds, in place, and puts its reference", OperationNeeds.Reference | OperationNeeds.Writer,
            slot =>
            {
                slot.Change(slot.Current);
                slot.Put(slot.Current);
            }),
        new("crowd", "stands for as many holders as there may be: all leave, one after the others", OperationNeeds.Crowd, slot => slot.CrowdLeaves()),
        new("return-exclusive", "returns the current object, held exclusively, by handle", OperationNeeds.Exclusive, slot => slot.ReturnExclusive(slot.Current)),
        new("live-as-x", "allocates an X, rented, and returns it the short way", OperationNeeds.FreeSlot, slot => slot.LiveAsX()),
        new("live-as-y", "allocates a Y, referenced, and puts its reference", OperationNeeds.FreeSlot, slot => slot.LiveAsY()),
        new("live-exclusively", "allocates a Y, exclusively, and returns it", OperationNeeds.FreeSlot, slot => slot.LiveExclusively()),
        new("get", "gets by the current handle, uses and puts", OperationNeeds.None, slot => slot.GetUseAndPut(slot.Current)),
        new("get-stale", "gets by the handle of the object before", OperationNeeds.None, slot => slot.GetUseAndPut(slot.Previous)),
        new("get-forged", "gets by a handle of the object after, which nobody was given", OperationNeeds.None, slot => slot.GetUseAndPut(slot.Future)),
        new("read", "reads without a reference, by the current handle", OperationNeeds.None, slot => slot.Read(slot.Current)),
        new("return-again", "returns by handle what is not rented", OperationNeeds.NoOwner, slot => slot.Return(slot.Current)),
        new("put-surplus", "puts a reference that it doesn't hold, on a word that is dead", OperationNeeds.Dead,
            slot => slot.PutSurplus(slot.Previous)),
    ];
}
