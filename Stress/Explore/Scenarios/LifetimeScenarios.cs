using FolioRuntime.Lifetimes;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Who may use an object, and who destroys it: the races that are known by name, over the shipping word.</summary>
internal static class LifetimeScenarios
{
    private const int FewBits = 3;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        SlotScenario.Of("published-race", "One puts the last reference, one revives the object and puts, one allocates what comes free as another type: the race of the kernel's series.",
            ["L1", "L2", "L3", "L5"], [1, 3, 4, 5],
            () => new OneSlot(FewBits).Referenced(1),
            slot => slot.Put(slot.Current),
            slot => slot.GetUseAndPut(slot.Current),
            slot => slot.LiveAsY()),
        SlotScenario.Of("two-putters-at-zero", "Two revive an object at zero and stand at zero themselves, and one of them goes on to another life in the slot.",
            ["L1", "L2", "L3"], [1, 2],
            () => new OneSlot(FewBits).Referenced(1),
            slot => slot.Put(slot.Current),
            slot => slot.GetUseAndPut(slot.Current),
            slot =>
            {
                slot.GetUseAndPut(slot.Current);
                slot.LiveAsY();
            }),
        SlotScenario.Of("resurrection-at-zero", "A get between a last put's decrement and its compare-exchange keeps the object, for good.",
            ["L1", "L2"], [1],
            () => new OneSlot(FewBits).Referenced(1),
            slot => slot.Put(slot.Current),
            slot => slot.GetAndKeep(slot.Current),
            slot => slot.GetUseAndPut(slot.Current)),
        SlotScenario.Of("return-against-gets", "An owner returns while two others look the object up.",
            ["L1", "L2", "L3"], [],
            () => new OneSlot(FewBits).Rented(),
            slot => slot.ReturnShortly(slot.Current),
            slot => slot.GetUseAndPut(slot.Current),
            slot => slot.GetUseAndPut(slot.Current)),
        SlotScenario.Of("racing-returns", "Two return the same handle while a third holds the object: one return counts, and takes nobody's reference.",
            ["L1", "L2", "L4"], [30],
            () => new OneSlot(FewBits).Rented(references: 1),
            slot => slot.Return(slot.Current),
            slot => slot.ReturnShortly(slot.Current),
            slot => slot.UseAndPut(slot.Current)),
        SlotScenario.Of("returns-across-lives", "Two return the same handle, and one of them rents the slot again: the other's return is stale.",
            ["L1", "L3"], [30],
            () => new OneSlot(FewBits).Rented(),
            slot => slot.Return(slot.Current),
            slot =>
            {
                slot.ReturnShortly(slot.Current);
                slot.LiveAsX();
            }),
        SlotScenario.Of("stranger-held-last", "A look-up by a stale handle is left as the last holder of a stranger, and must destroy it as what it is.",
            ["L1", "L3", "L4"], [4, 14],
            () => new OneSlot(FewBits).Referenced(1),
            slot => slot.Put(slot.Current),
            slot => slot.GetUseAndPut(slot.Previous),
            slot => slot.GetUseAndPut(slot.Current)),
        SlotScenario.Of("stranger-in-the-next-life", "Look-ups by handles of two lives meet a third, of another type, that ends meanwhile.",
            ["L1", "L3", "L4"], [3, 4],
            () => new OneSlot(FewBits).Referenced(1),
            slot =>
            {
                slot.Put(slot.Current);
                slot.LiveAsY();
            },
            slot => slot.GetUseAndPut(slot.Previous),
            slot => slot.GetUseAndPut(slot.Current)),
        SlotScenario.Of("failed-gets-then-allocation", "Gets that fail on a dead word leave their adds, some before and some during an allocation: its store wipes them.",
            ["L4", "L5", "L6"], [6, 12],
            () => new OneSlot(FewBits),
            slot =>
            {
                slot.GetUseAndPut(slot.Previous);
                slot.GetUseAndPut(slot.Previous);
            },
            slot => slot.GetUseAndPut(slot.Previous),
            slot => slot.LiveOn()),
        SlotScenario.Of("gets-during-allocation", "Handles of the life before and of the one being written are tried while its allocator writes it.",
            ["L2", "L3", "L7"], [12, 13],
            () => new OneSlot(FewBits),
            slot => slot.LiveAsY(),
            slot => slot.GetUseAndPut(slot.Previous),
            slot => slot.GetUseAndPut(slot.Current)),
        SlotScenario.Of("generations-run-out", "Two threads use up a slot's generations; the marker of a retired word is tried as a handle.",
            ["L3", "L5", "L8"], [9],
            () => new OneSlot(GenerationSpace.FewestBits),
            slot =>
            {
                slot.LiveAsX();
                slot.LiveAsY();
            },
            slot =>
            {
                slot.LiveAsY();
                slot.GetUseAndPut(slot.Future);
            },
            slot => slot.GetUseAndPut(slot.Current)),
        SlotScenario.Of("long-polling", "A dead word has been polled until its count is full; two more polls carry off its end, beside an allocation.",
            ["L4", "L5", "L6"], [7],
            () => new OneSlot(FewBits).Polled(),
            slot =>
            {
                slot.GetUseAndPut(slot.Previous);
                slot.GetUseAndPut(slot.Current);
            },
            slot => slot.GetUseAndPut(slot.Previous),
            slot => slot.LiveOn()),
        SlotScenario.Of("reference-limit", "Two get an object that has as many holders as there may be, while all of these leave.",
            ["L1", "L2", "L4"], [10],
            () => new OneSlot(FewBits).Crowded(),
            slot => slot.CrowdLeaves(),
            slot => slot.GetUseAndPut(slot.Current),
            slot => slot.GetUseAndPut(slot.Current)),
        SlotScenario.Of("surplus-put-below-zero", "A put of a reference that nobody holds is told, and added back where the word is live, beside an owner who freezes and one who reads.",
            ["L4"], [8, 11],
            () => new OneSlot(FewBits) { IsFrozenAtTimes = true }.Rented(),
            slot => slot.PutSurplus(slot.Current),
            slot => slot.TryFreezeAndChange(slot.Current, references: 0),
            slot => slot.Read(slot.Current)),
        SlotScenario.Of("surplus-put-of-another-life", "A put by an earlier life's reference is told, and added back, beside one who freezes and one who reads.",
            ["L4"], [8],
            () => new OneSlot(FewBits) { IsFrozenAtTimes = true }.Referenced(0, bystanders: 1),
            slot => slot.PutSurplus(slot.Previous),
            slot => slot.TryFreezeAndChange(slot.Current),
            slot => slot.Read(slot.Current)),
    ];
}
