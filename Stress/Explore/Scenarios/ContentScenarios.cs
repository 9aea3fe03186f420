using FolioRuntime.Exploration.Engine;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>What is in an object: when it is seen, frozen, changed in place, and read without a reference.</summary>
internal static class ContentScenarios
{
    private const int FewBits = 3;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        SlotScenario.Of("message-passing", "Header, word and handle are written one after the other; whoever has the handle finds the word, and whoever finds the word the header.",
            ["L7"], [13],
            () => new OneSlot(FewBits),
            slot =>
            {
                slot.TryAllocate('Y');
                slot.PublishRented();
                Atomics.StoreRelease(ref slot.Mail, slot.Current);
            },
            slot =>
            {
                if (Received(slot) is { } generation)
                    Requirement.That(slot.GetUseAndPut(generation), "a handle that was passed on is good");
            },
            slot =>
            {
                if (Received(slot) is { } generation)
                    Requirement.That(slot.Read(generation), "a handle that was passed on can be read by");
            }),
        SlotScenario.Of("freeze-against-spurious-reference", "A holder freezes, changes and unfreezes while a stale handle takes references for an instant and a good one is used.",
            ["L2", "L4", "L6"], [11, 12],
            () => new OneSlot(FewBits) { IsFrozenAtTimes = true }.Referenced(0, bystanders: 1),
            slot => slot.TryFreezeAndChange(slot.Current),
            slot => slot.GetUseAndPut(slot.Previous),
            slot => slot.GetUseAndPut(slot.Current)),
        SlotScenario.Of("freeze-against-return", "A holder freezes what its owner returns, changes it, and frees it if it can.",
            ["L1", "L5"], [11],
            () => new OneSlot(FewBits) { IsFrozenAtTimes = true }.Rented(references: 1),
            slot =>
            {
                slot.TryFreezeAndChange(slot.Current);
                if (!slot.TryFreezeAndFree(slot.Current))
                    slot.Put(slot.Current);
            },
            slot => slot.Return(slot.Current),
            slot => slot.GetUseAndPut(slot.Current)),
        SlotScenario.Of("freeze-against-everything", "A holder freezes and frees the object beside a get, a read and the next allocation.",
            ["L1", "L2", "L3", "L5", "L6"], [11, 12],
            () => new OneSlot(FewBits) { IsFrozenAtTimes = true }.Referenced(1),
            slot =>
            {
                if (!slot.TryFreezeAndFree(slot.Current))
                    slot.Put(slot.Current);
                slot.LiveAsY();
            },
            slot => slot.GetUseAndPut(slot.Current),
            slot => slot.Read(slot.Current)),
        SlotScenario.Of("freeze-without-references", "Nobody can freeze an object without a reference or an owner: it is on its way to its end.",
            ["L1"], [11],
            () => new OneSlot(FewBits) { IsFrozenAtTimes = true }.Referenced(1),
            slot => slot.Put(slot.Current),
            slot => Requirement.That(!slot.TryFreezeAndChange(slot.Current, references: 0), "an object without references and owner isn't frozen"),
            slot => slot.GetUseAndPut(slot.Current)),
        SlotScenario.Of("read-against-change", "One writes content in place, twice; another reads it without a reference and never sees half of it.",
            ["L4"], [16],
            () => new OneSlot(FewBits).Referenced(0, bystanders: 1),
            slot =>
            {
                slot.Change(slot.Current);
                slot.Change(slot.Current);
            },
            slot => slot.Read(slot.Current)),
        SlotScenario.Of("read-against-allocation", "A handle that nobody was given is read by while its object is written and published.",
            ["L7"], [13, 15],
            () => new OneSlot(FewBits),
            slot => slot.LiveOn(),
            slot => slot.Read(slot.Current),
            slot => slot.GetUseAndPut(slot.Previous)),
        SlotScenario.Of("read-against-recycling", "An object is freed, and its slot has two more lives, of both types, while it is read by its handle.",
            ["L3", "L7"], [15],
            () => new OneSlot(FewBits).Rented(),
            slot =>
            {
                slot.ReturnShortly(slot.Current);
                slot.LiveAsY();
                slot.LiveAsX();
            },
            slot => slot.Read(slot.Current)),
        SlotScenario.Of("read-against-freeze", "An object is freed while frozen, and its slot is used again, while its content is read by handle.",
            ["L3", "L5", "L7"], [15, 16],
            () => new OneSlot(FewBits) { IsFrozenAtTimes = true }.Referenced(1),
            slot =>
            {
                slot.TryFreezeAndFree(slot.Current);
                slot.LiveAsY();
            },
            slot => slot.Read(slot.Current)),
        SlotScenario.Of("read-against-free-recycling-and-change", "One changes what it holds and puts, one puts and allocates what may have come free, and one reads by handle.",
            ["L1", "L3", "L7"], [15, 16],
            () => new OneSlot(FewBits).Referenced(2),
            slot =>
            {
                slot.Change(slot.Current);
                slot.Put(slot.Current);
            },
            slot =>
            {
                slot.Put(slot.Current);
                slot.LiveAsY();
            },
            slot => slot.Read(slot.Current)),
        SlotScenario.Of("exclusive-against-gets", "Stale and current handles are tried as shared ones on an object that is held exclusively, returned and allocated again.",
            ["L1", "L4", "L6"], [14, 30],
            () => new OneSlot(FewBits).Exclusive(),
            slot =>
            {
                slot.ReturnExclusive(slot.Current);
                slot.LiveExclusively();
            },
            slot => slot.GetUseAndPut(slot.Previous),
            slot => slot.GetUseAndPut(slot.Current)),
        SlotScenario.Of("racing-exclusive-returns", "Two return the same object, held exclusively, while stale handles disturb its word: it comes into circulation once.",
            ["L1", "L4", "L8"], [30],
            () => new OneSlot(FewBits).Exclusive(),
            slot => slot.ReturnExclusive(slot.Current),
            slot =>
            {
                slot.ReturnExclusive(slot.Current);
                slot.LiveExclusively();
            },
            slot => slot.GetUseAndPut(slot.Previous)),
    ];

    private static uint? Received(OneSlot slot) => Atomics.LoadAcquire(ref slot.Mail) is var generation and not 0 ? generation : null;
}
