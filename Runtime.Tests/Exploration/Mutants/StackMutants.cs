using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>What the threads' stacks, their latch and their set do, made wrong.</summary>
internal static class StackMutants
{
    private const string BiasedLatch = "Runtime/Primitives/BiasedLatch.cs";
    private const string ThreadStackSet = "Runtime/Primitives/ThreadStackSet.cs";
    private const string ThreadStack = "Runtime/Primitives/ThreadStack.cs";
    private const string ThreadStackGrowth = "Runtime/Primitives/ThreadStack.Growth.cs";
    private const string ThreadStackTally = "Runtime/Primitives/ThreadStack.Tally.cs";
    private const string ThreadStackTotals = "Runtime/Primitives/ThreadStackSet.Totals.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "owner-looks-before-it-announces",
            "An owner that looks for a revoker before it says that it is inside is missed by one that comes in between.",
            BiasedLatch,
            """
            Atomics.StoreRelease(&latch->_active, 1);
            if (Atomics.LoadAcquire(&latch->_revoked) == 0)
                return true;
            """,
            """
            var free = Atomics.LoadAcquire(&latch->_revoked) == 0;
            Atomics.StoreRelease(&latch->_active, 1);
            if (free)
                return true;
            """,
            "bias-owner-against-revoker"),
        new(
            "refused-owner-stays-inside",
            "An owner that is refused must say that it is outside again, or whoever revokes waits for it while it waits for them.",
            BiasedLatch,
            """
                return true;
            Atomics.StoreRelease(&latch->_active, 0);
            return false;
            """,
            """
                return true;
            return false;
            """,
            "bias-owner-the-long-way"),
        new(
            "owner-never-leaves",
            "An owner that doesn't say that it is outside can't be waited for.",
            BiasedLatch,
            "public static void LeaveAsOwner(BiasedLatch* latch) => Atomics.StoreRelease(&latch->_active, 0);",
            "public static void LeaveAsOwner(BiasedLatch* latch) => Atomics.StoreRelease(&latch->_active, 1);",
            "bias-owner-the-long-way"),
        new(
            "revoker-does-not-wait",
            "A revoker that goes in while the owner is inside works on what the owner works on.",
            BiasedLatch,
            "Atomics.LoadAcquire(ref _active) != 0 && Atomics.IsAlive(owner)",
            "Atomics.LoadAcquire(ref _active) != 0 && !Atomics.IsAlive(owner)",
            "bias-owner-against-revoker"),
        new(
            "revoker-waits-for-the-dead",
            "An owner that ended inside never leaves: whoever waits for it must look whether it still lives.",
            BiasedLatch,
            "while (Atomics.LoadAcquire(ref _active) != 0 && Atomics.IsAlive(owner))",
            "while (Atomics.LoadAcquire(ref _active) != 0)",
            "bias-owner-ends-inside"),
        new(
            "revocation-not-announced",
            "Without the announcement the owner goes on using the stack that is being emptied.",
            ThreadStackSet,
            """
            foreach (var member in members)
                member.Stack.AnnounceRevocation();
            Atomics.ProcessWideBarrier();
            """,
            "Atomics.ProcessWideBarrier();",
            "stack-drain-against-owner"),
        new(
            "no-process-wide-barrier",
            "The barrier stands for the fence that the owner leaves out: without it the owner may miss an announcement that was made before it looked.",
            ThreadStackSet,
            """
                member.Stack.AnnounceRevocation();
            Atomics.ProcessWideBarrier();
            """,
            "member.Stack.AnnounceRevocation();",
            "stack-drain-against-owner"),
        new(
            "barrier-before-the-announcement",
            "A barrier before the announcement makes nobody see it.",
            ThreadStackSet,
            """
            foreach (var member in members)
                member.Stack.AnnounceRevocation();
            Atomics.ProcessWideBarrier();
            """,
            """
            Atomics.ProcessWideBarrier();
            foreach (var member in members)
                member.Stack.AnnounceRevocation();
            """,
            "stack-drain-against-owner"),
        new(
            "bias-not-restored",
            "A stack that was emptied must be opened again for its owner.",
            ThreadStackSet,
            """
            if (reopen)
                member.Stack.Restore();
            """,
            """
            if (!reopen)
                member.Stack.Restore();
            """,
            "stack-sink-fails"),
        new(
            "emptied-stack-keeps-its-items",
            "Items that were taken out must no longer be in the stack.",
            ThreadStackSet,
            """
            sink(stack.ItemsForRevoker);
            stack.EmptiedByRevoker();
            """,
            "sink(stack.ItemsForRevoker);",
            "stack-drain-against-owner"),
        new(
            "emptied-before-the-sink-has-them",
            "A sink that throws has taken nothing: the items must still be in the stack.",
            ThreadStackSet,
            """
            sink(stack.ItemsForRevoker);
            stack.EmptiedByRevoker();
            """,
            """
            var items = stack.ItemsForRevoker;
            stack.EmptiedByRevoker();
            sink(items);
            """,
            "stack-sink-fails"),
        new(
            "close-reopens",
            "What is closed stays closed: an item pushed later would never come back.",
            ThreadStackSet,
            "DrainUnsynchronized(_stacks, sink, reopen: false);",
            "DrainUnsynchronized(_stacks, sink, reopen: true);",
            "stack-close-against-owners"),
        new(
            "drain-opens-what-is-closed",
            "A drain after the close must not let the owners in again.",
            ThreadStackSet,
            "reopen: !_closed",
            "reopen: true",
            "stack-close-against-drain"),
        new(
            "closed-not-looked-at",
            "A thread that comes after the close must get a stack that is shut.",
            ThreadStackSet,
            """
            if (_closed)
            {
            """,
            """
            if (_closed && _stacks.Count < 0)
            {
            """,
            "stack-register-against-close"),
        new(
            "closed-looked-at-before-the-latch",
            "Whether the set is closed must be asked under the latch that closing takes.",
            ThreadStackSet,
            """
            using (_latch.Hold())
            {
                if (_closed)
            """,
            """
            var closed = _closed;
            using (_latch.Hold())
            {
                if (closed)
            """,
            "stack-register-against-close"),
        new(
            "stack-of-the-living-taken",
            "Only the stack of a thread that has ended may be taken without shutting its owner out.",
            ThreadStackSet,
            """
            if (Atomics.IsAlive(owner))
                continue;
            """,
            "_ = Atomics.IsAlive(owner);",
            "stack-end-of-a-thread"),
        new(
            "ended-thread-not-forgotten",
            "A stack taken in once must be forgotten, or its counts are added again.",
            ThreadStackSet,
            "_stacks.RemoveAt(_stacks.Count - 1);",
            "",
            "stack-end-drained-by-two"),
        new(
            "stack-used-again-by-two",
            "The stack of a thread that has ended goes to one thread.",
            ThreadStackSet,
            "_spare.TryPop(out var spare)",
            "_spare.TryPeek(out var spare)",
            "stack-end-and-two-that-come"),
        new(
            "items-of-ended-thread-dropped",
            "A stack is emptied before it is forgotten.",
            ThreadStackSet,
            "Empty(stack, _returnToStructure);",
            "",
            "stack-end-of-a-thread"),
        new(
            "refill-says-all-fitted",
            "A refill must say how many fitted: the others are the caller's still.",
            ThreadStack,
            "return fitting;",
            "return items.Length;",
            "stack-refill-and-flush-against-drain"),
        new(
            "refused-refill-says-all-fitted",
            "A refill that is refused has taken none.",
            ThreadStack,
            """
                return 0;
            var count
            """,
            """
                return items.Length;
            var count
            """,
            "stack-refill-and-flush-against-drain"),
        new(
            "flush-keeps-what-it-took",
            "What a flush took must no longer be in the stack.",
            ThreadStack,
            "MoveOut(taken);",
            "MoveOut(0 * taken);",
            "stack-refill-and-flush-against-drain"),
        new(
            "grown-without-the-latch",
            "A stack grows while nobody empties it.",
            ThreadStackGrowth,
            "if (!TryEnter())\n            return false;",
            "if (!TryEnter() && !Exists)\n            return false;",
            "stack-grows-against-drain"),
        new(
            "pop-without-the-latch",
            "A pop while another empties the stack takes what the other takes.",
            ThreadStack,
            """
            if (TryEnter())
            {
                var count = CountInside;
                if (count != 0)
            """,
            """
            if (TryEnter() || Exists)
            {
                var count = CountInside;
                if (count != 0)
            """,
            "stack-drain-against-owner"),
        new(
            "moved-in-told-late",
            "A refill that the count shows before it is said to be one looks like pushes, and a total that was too high once stays so.",
            ThreadStackTally,
            """
            Atomics.StoreRelease(ref _block->MovedIn, _block->MovedIn + items);
            Atomics.StoreRelease(ref _block->Tally, _block->Tally + (ulong)items);
            """,
            """
            Atomics.StoreRelease(ref _block->Tally, _block->Tally + (ulong)items);
            Atomics.StoreRelease(ref _block->MovedIn, _block->MovedIn + items);
            """,
            "stack-totals-against-exchanges"),
        new(
            "moved-out-told-early",
            "A flush that is said to be one while the count still shows its items looks like pushes.",
            ThreadStackTally,
            """
            Atomics.StoreRelease(ref _block->Tally, _block->Tally - (ulong)items);
            Atomics.StoreRelease(ref _block->MovedOut, _block->MovedOut + items);
            """,
            """
            Atomics.StoreRelease(ref _block->MovedOut, _block->MovedOut + items);
            Atomics.StoreRelease(ref _block->Tally, _block->Tally - (ulong)items);
            """,
            "stack-totals-against-exchanges"),
        new(
            "totals-of-working-stacks-only",
            "What a thread counted stays counted when it has ended.",
            ThreadStackTotals,
            "foreach (var (stack, look) in _allocated)\n        {",
            "foreach (var (stack, look) in _allocated)\n        {\n            if (_spare.Contains(stack))\n                continue;",
            "stack-end-of-a-thread"),
        new(
            "push-without-the-latch",
            "A push into a stack that is shut is lost.",
            ThreadStack,
            "if (!TryEnter())\n            return false;\n        var count = CountInside;\n        if (HasRoomFor(count))",
            "if (!TryEnter() && !Exists)\n            return false;\n        var count = CountInside;\n        if (HasRoomFor(count))",
            "stack-close-against-owners"),
    ];
}
