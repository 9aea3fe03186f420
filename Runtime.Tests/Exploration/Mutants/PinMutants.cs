using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>Mistakes in how threads pin a folio in slots of their own, and in how the slots are summed.</summary>
internal static class PinMutants
{
    private const string Folio = "Runtime/Folios/DistributedFolio.cs";
    private const string Frozen = "Runtime/Folios/FrozenFolio.cs";
    private const string Balance = "Runtime/Primitives/ThreadStack.Balance.cs";
    private const string BiasedLatch = "Runtime/Primitives/BiasedLatch.cs";
    private const string ThreadStackSet = "Runtime/Primitives/ThreadStackSet.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "pin-without-announcement",
            "A thread that doesn't say that it is inside is not waited for: its pin is missed by the sum.",
            BiasedLatch,
            """
            Atomics.StoreRelease(&latch->_active, 1);
            if (Atomics.LoadAcquire(&latch->_revoked) == 0)
            """,
            "if (Atomics.LoadAcquire(&latch->_revoked) == 0)",
            "pin-against-dispose"),
        new(
            "pin-without-looking",
            "A thread that doesn't look whether its slot is shut pins what is frozen.",
            Balance,
            """
            if (!BiasedLatch.TryEnterAsOwner(&block->Latch))
                return false;
            """,
            "BiasedLatch.TryEnterAsOwner(&block->Latch);",
            "pin-against-freeze"),
        new(
            "slots-summed-without-barrier",
            "The barrier stands for the fence that a pin leaves out: without it a thread may miss that its slot is shut, and the sum its pin.",
            ThreadStackSet,
            """
                member.Stack.AnnounceRevocation();
            Atomics.ProcessWideBarrier();
            """,
            "member.Stack.AnnounceRevocation();",
            "pin-against-dispose-and-owner"),
        new(
            "slots-summed-before-they-are-shut",
            "A pin that is made after its slot was summed is missed.",
            ThreadStackSet,
            """
            foreach (var member in members)
                member.Stack.AnnounceRevocation();
            Atomics.ProcessWideBarrier();
            try
            """,
            """
            foreach (var member in members)
                Empty(member.Stack, sink);
            foreach (var member in members)
                member.Stack.AnnounceRevocation();
            Atomics.ProcessWideBarrier();
            members = [];
            try
            """,
            "pin-against-freeze"),
        new(
            "slots-summed-while-threads-are-inside",
            "Whoever sums a slot waits until its thread is outside.",
            ThreadStackSet,
            "member.Stack.WaitForOwner(member.Owner);",
            "",
            "pin-end-against-freeze"),
        new(
            "balance-kept-by-the-slot",
            "What was summed is no longer in the slot: else it is counted again the next time.",
            Balance,
            "Atomics.StoreRelease(ref _block->Balance, 0);",
            "",
            "pin-thread-ends-against-dispose"),
        new(
            "balance-lost-at-the-end-of-a-thread",
            "A thread that ends leaves its balance to the others: else what it ended for a sum made before is never ended.",
            Folio,
            "Atomics.Add(ref _shared, slot.TakeBalance());",
            """
            var balance = slot.TakeBalance();
            if (Atomics.LoadAcquire(ref _state) != Distributed)
                Atomics.Add(ref _shared, balance);
            """,
            "pin-thread-ends-against-dispose"),
        new(
            "slot-of-an-ended-thread-stays-shut",
            "A slot whose thread ended while all were shut is opened for the next thread: else that one never pins.",
            ThreadStackSet,
            """
            foreach (var spare in _spare)
                spare.Restore();
            """,
            "",
            "pin-thread-ends-while-frozen"),
        new(
            "bias-taken-off-before-the-sum",
            "The shared count is kept from 0 until all slots are summed: else the end of a pin that isn't in it yet counts as the last.",
            Folio,
            """
                    _slots.Close(s_noItems);
                    return null;
            """,
            """
                    if (Atomics.Add(ref _shared, -Bias) == 0)
                        DropReference();
                    _slots.Close(s_noItems);
                    Atomics.Add(ref _shared, Bias);
                    return null;
            """,
            "pin-ends-against-dispose"),
        new(
            "dispose-does-not-wait-for-pins",
            "The reference is dropped with the last pin, not with the disposal.",
            Folio,
            "if (pins <= 0)",
            "if (pins <= 1)",
            "pin-against-dispose"),
        new(
            "last-pin-drops-nothing",
            "Who ends the last pin of what is disposed drops the reference: else nobody does.",
            Folio,
            "if (left == 0)",
            "if (left == -1)",
            "pin-ends-against-dispose"),
        new(
            "disposed-twice",
            "A second disposal must not take the Bias off again.",
            Folio,
            "case Disposed or Ended:",
            "case Ended:",
            "pin-racing-disposes"),
        new(
            "pins-not-looked-at",
            "What somebody pins must not be frozen.",
            Folio,
            "if (pins == 0 && _folios.TryFreeze(",
            "if (pins >= 0 && _folios.TryFreeze(",
            "pin-end-against-freeze"),
        new(
            "frozen-after-it-was-disposed",
            "A freezer that waited must ask whether it was disposed meanwhile: the one reference that the word counts may be another's.",
            Folio,
            """
            if (Atomics.LoadAcquire(ref _state) != Freezing)
                return false;
            """,
            "",
            "pin-freeze-against-dispose"),
        new(
            "frozen-is-disposed",
            "What is frozen can't be disposed: the reference is the freezer's.",
            Folio,
            "case Frozen:",
            "case 7:",
            "pin-freeze-against-dispose"),
        new(
            "freeze-in-vain-stays-shut",
            "A freeze that fails lets threads pin again.",
            Folio,
            """
                Atomics.Add(ref _shared, -pins);
            OpenUnsynchronized();
            """,
            """
                Atomics.Add(ref _shared, -pins);
            """,
            "pin-end-against-freeze"),
        new(
            "opened-before-it-is-unfrozen",
            "A folio is unfrozen by whoever froze it and only then pinned and disposed again: else the disposal drops a reference that isn't there yet.",
            Frozen,
            """
            Allocator.Unfreeze(Handle, _references);
            _distributed?.Unfrozen();
            """,
            """
            _distributed?.Unfrozen();
            Allocator.Unfreeze(Handle, _references);
            """,
            "pin-freeze-against-dispose"),
        new(
            "reopened-without-release",
            "Who finds its slot open again sees what was written while it was shut.",
            BiasedLatch,
            "public void Restore() => Atomics.StoreRelease(ref _revoked, 0);",
            "public void Restore() => _revoked = 0;",
            "pin-against-unfreeze"),
        new(
            "two-freezers-at-once",
            "One freezes at a time: what one of them shut the other mustn't open.",
            Folio,
            """
            if (Atomics.LoadAcquire(ref _state) != Distributed)
                return false;
            """,
            """
            if (Atomics.LoadAcquire(ref _state) is Disposed or Ended)
                return false;
            """,
            "pin-racing-freezes"),
    ];
}
