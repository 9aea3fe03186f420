using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>What the depot of magazines does, made wrong.</summary>
internal static class DepotMutants
{
    private const string MagazineList = "Runtime/Primitives/MagazineList.cs";
    private const string MagazineStack = "Runtime/Primitives/MagazineStack.cs";
    private const string MagazineDepot = "Runtime/Primitives/MagazineDepot.cs";
    private const string ThreadStackSet = "Runtime/Primitives/ThreadStackSet.cs";
    private const string ThreadStackSetDepot = "Runtime/Primitives/ThreadStackSet.Depot.cs";
    private const string ThreadStackSetIdle = "Runtime/Primitives/ThreadStackSet.Idle.cs";
    private const string SlabCache = "Runtime/Slabs/SlabCache.cs";
    private const string SlabCacheSlowPaths = "Runtime/Slabs/SlabCache.SlowPaths.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "magazine-list-untagged",
            "Pops must change the head for ever, or a top that came back is taken for the top that was there, with what was below it then.",
            MagazineList,
            "(((Bits >> PopShift) + 1) << PopShift)",
            "((Bits >> PopShift) << PopShift)",
            "magazine-recycled"),
        new(
            "magazine-list-tag-forgotten-by-pushes",
            "A push must keep the count of pops.",
            MagazineList,
            "(Bits >> PopShift << PopShift)",
            "0ul",
            "magazine-recycled"),
        new(
            "magazine-popped-without-compare",
            "A pop that doesn't ask whether the head is what it saw takes what somebody else has taken.",
            MagazineStack,
            "if (Atomics.CompareExchange(ref _head.Bits, popped.Bits, seen.Bits) == seen.Bits)",
            "Atomics.StoreRelease(ref _head.Bits, popped.Bits);\nif (seen.Top >= 0)",
            "magazine-recycled"),
        new(
            "magazine-pushed-without-compare",
            "A push that doesn't ask whether the head is what it saw loses what somebody else has pushed.",
            MagazineStack,
            """
            if (Atomics.CompareExchange(ref _head.Bits, seen.Pushed(magazine).Bits, seen.Bits) == seen.Bits)
                return;
            _contention++;
            """,
            """
            Atomics.StoreRelease(ref _head.Bits, seen.Pushed(magazine).Bits);
            if (magazine >= 0)
                return;
            _contention++;
            """,
            "depot-takes-and-stows"),
        new(
            "magazine-below-stored-too-late",
            "What is below a magazine must be known before it is in the list.",
            MagazineStack,
            """
            Atomics.StoreRelease(ref below[magazine], (uint)(seen.Top + 1));
            if (Atomics.CompareExchange(ref _head.Bits, seen.Pushed(magazine).Bits, seen.Bits) == seen.Bits)
                return;
            """,
            """
            if (Atomics.CompareExchange(ref _head.Bits, seen.Pushed(magazine).Bits, seen.Bits) == seen.Bits)
            {
                Atomics.StoreRelease(ref below[magazine], (uint)(seen.Top + 1));
                return;
            }

            """,
            "depot-takes-and-stows"),
        new(
            "magazine-full-before-it-is-filled",
            "A magazine may be had by others as soon as it is pushed: its items must be in it.",
            MagazineDepot,
            """
            items.CopyTo(Places(magazine));
            CountOf(magazine) = (uint)items.Length;
            _full.Push(magazine);
            """,
            """
            _full.Push(magazine);
            items.CopyTo(Places(magazine));
            CountOf(magazine) = (uint)items.Length;
            """,
            "depot-stow-against-take"),
        new(
            "magazine-empty-before-it-is-emptied",
            "A magazine that is pushed as empty may be filled by others: its items must be out of it.",
            MagazineDepot,
            """
            Places(magazine)[..count].CopyTo(destination);
            CountOf(magazine) = 0;
            _empty.Push(magazine);
            """,
            """
            _empty.Push(magazine);
            Places(magazine)[..count].CopyTo(destination);
            CountOf(magazine) = 0;
            """,
            "depot-drain-against-exchange"),
        new(
            "magazine-of-a-failed-sink-emptied",
            "A sink that throws has taken nothing: its items must stay in the depot.",
            MagazineDepot,
            """
            _full.Push(magazine);
            throw;
            """,
            """
            _empty.Push(magazine);
            throw;
            """,
            "depot-sink-fails"),
        new(
            "stow-does-not-look-again",
            "Who stows must look, after its push, whether the depot has been closed: the drain may have been before the push.",
            MagazineDepot,
            """
            if (Atomics.LoadAcquire(ref _closed) != 0)
                Drain(ifClosed);
            """,
            "",
            "depot-close-against-stow"),
        new(
            "stow-looks-before-its-push",
            "A look before the push may come before the close, and the drain before the push.",
            MagazineDepot,
            """
            _full.Push(magazine);
            if (Atomics.LoadAcquire(ref _closed) != 0)
                Drain(ifClosed);
            """,
            """
            var closed = Atomics.LoadAcquire(ref _closed) != 0;
            _full.Push(magazine);
            if (closed)
                Drain(ifClosed);
            """,
            "depot-close-against-stow"),
        new(
            "depot-drained-before-it-is-closed",
            "A depot must say that it is closed before it is drained.",
            MagazineDepot,
            """
            Atomics.Exchange(ref _closed, 1);
            Drain(sink);
            """,
            """
            Drain(sink);
            Atomics.Exchange(ref _closed, 1);
            """,
            "depot-close-against-stow"),
        new(
            "depot-closed-without-a-fence",
            "The store that says that a depot is closed must not wait behind the drain's loads.",
            MagazineDepot,
            """
            Atomics.Exchange(ref _closed, 1);
            Drain(sink);
            """,
            """
            Atomics.StoreRelease(ref _closed, 1);
            Drain(sink);
            """,
            "depot-close-against-stow"),
        new(
            "set-leaves-its-depot-open",
            "A set of stacks that is closed must close the depot, too.",
            ThreadStackSet,
            "Depot?.Close(sink);",
            "Depot?.Drain(sink);",
            "stack-depot-against-close"),
        new(
            "flushed-into-depot-and-slabs",
            "What a flush put into the depot must not go back to the slabs, too.",
            SlabCacheSlowPaths,
            """
            if (!toDepot)
                _store.Give(batch);
            """,
            "_store.Give(batch);",
            "slab-depot-flush-against-refills"),
        new(
            "refill-keeps-what-it-gave",
            "Of a magazine the first slot is the caller's, and only the rest its stack's.",
            SlabCacheSlowPaths,
            "var kept = stack.Refill(batch[1..taken]);",
            "var kept = stack.Refill(batch[(fromDepot ? 0 : 1)..taken]);",
            "slab-depot-refills"),
        new(
            "rest-of-a-magazine-dropped",
            "What a stack that is being emptied doesn't take of a magazine must go back to the slabs.",
            SlabCacheSlowPaths,
            "if (1 + kept < taken)",
            "if (1 + kept < taken && !fromDepot)",
            "slab-depot-refill-against-trim"),
        new(
            "late-magazine-dropped",
            "Who stows into a depot that turns out to be closed gives the items to the structure.",
            ThreadStackSetDepot,
            "depot.TryStow(items, _returnToStructure)",
            "depot.TryStow(items, static _ => { })",
            "slab-depot-flush-against-dispose"),
        new(
            "trim-leaves-the-depot",
            "Whoever empties all stacks empties the depot, or its slots keep their page.",
            ThreadStackSet,
            "Depot?.Drain(sink);",
            "_ = sink;",
            "slab-depot-reclaimed"),
        new(
            "depot-not-worth-a-trim",
            "A cache whose only free slots lie in the depot has something to give back.",
            SlabCache,
            "_stacks.CachedCount + _stacks.SharedCount > 0",
            "_stacks.CachedCount > 0",
            "slab-depot-reclaimed"),
        new(
            "depot-counted-as-out",
            "Slots in the depot are free.",
            ThreadStackSetDepot,
            "public ThreadStackCounts Counts => new(CachedCount, SharedCount, LargestCapacity);",
            "public ThreadStackCounts Counts => new(CachedCount, 0, LargestCapacity);",
            "slab-depot-flush-against-trim"),
        new(
            "idle-magazines-dropped",
            "What lay idle in the depot goes where the stacks' items go.",
            ThreadStackSetIdle,
            "depot.DrainIdle(sink);",
            "depot.DrainIdle(static _ => { });",
            "slab-depot-exchange-against-idle-trim"),
    ];
}
