using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>What slabs, and the caches in front of them, do, made wrong.</summary>
internal static class SlabMutants
{
    private const string SlabCacheReturning = "Runtime/Slabs/SlabCache.Returning.cs";
    private const string SlabCacheSlowPaths = "Runtime/Slabs/SlabCache.SlowPaths.cs";
    private const string SlabCache = "Runtime/Slabs/SlabCache.cs";
    private const string SlabCacheOwnership = "Runtime/Slabs/SlabCache.Ownership.cs";
    private const string SlabHeader = "Runtime/Slabs/SlabHeader.cs";
    private const string SlabStore = "Runtime/Slabs/SlabStore.cs";
    private const string SlabStoreSlots = "Runtime/Slabs/SlabStore.Slots.cs";
    private const string SlabRegistry = "Runtime/Slabs/SlabRegistry.cs";
    private const string FrameTableDiscard = "Runtime/Pages/FrameTable.Discard.cs";
    private const string PageAllocatorRefill = "Runtime/Pages/PageAllocator.Refill.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "rest-of-a-refill-dropped",
            "What a refill took out of the slabs and the stack has no room for goes back.",
            SlabCacheSlowPaths,
            "_store.Give(batch[(1 + kept)..taken]);",
            "_ = kept;",
            "slab-refill-against-trim"),
        new(
            "flushed-slots-dropped",
            "What a flush took out of the stack goes to the slabs.",
            SlabCacheSlowPaths,
            "_store.Give(batch);",
            "_ = batch;",
            "slab-remote-return-flush"),
        new(
            "refused-push-dropped",
            "A slot that no stack takes goes to the slabs.",
            SlabCacheSlowPaths,
            "_store.Return(index);",
            "_ = index;",
            "dispose-cache-thread-cache"),
        new(
            "destructor-after-the-push",
            "A slot that is free may be somebody else's at once: the destructor runs before.",
            SlabCacheSlowPaths,
            """
            if (_destroys && RunDestructor(index, generation))
                return;
            if (generation == _generations.Last)
                Retire(index);
            else
                FreeSlot(index);
            """,
            """
            if (generation == _generations.Last)
                Retire(index);
            else
                FreeSlot(index);
            if (_destroys)
                RunDestructor(index, generation);
            """,
            "slab-release-lookup-same-type"),
        new(
            "constructor-after-publication",
            "An object is finished before anybody can find it.",
            SlabCache,
            "var generation = Lifetime.PublishReferenced(ref _tables.SlotWord(index), _generations);",
            """
            var generation = Lifetime.PublishReferenced(ref _tables.SlotWord(index), _generations);
            if (_type.HasConstructor)
                _type.Construct(AddressOf(index));
            """,
            "slab-stale-lookup-while-made"),
        new(
            "type-stored-after-the-word",
            "Whose an object is must be known before anybody can find it.",
            SlabCache,
            "var generation = Lifetime.PublishReferenced(ref _tables.SlotWord(index), _generations);",
            """
            ref var type = ref _tables.Frame(index >> _tables.SlotShift).SlabCacheId;
            Atomics.StoreRelease(ref type, 0);
            var generation = Lifetime.PublishReferenced(ref _tables.SlotWord(index), _generations);
            Atomics.StoreRelease(ref type, _id);
            """,
            "slab-stale-lookup-while-made"),
        new(
            "identity-checked-before-the-reference",
            "Whose slab it is may change until the object is held.",
            SlabCache,
            """
            var outcome = Lifetime.TryGet(ref _tables.SlotWord(handle.Index), handle.Generation);
            ref var frame = ref _tables.Frame(handle.Index >> _tables.SlotShift);
            if (outcome == GetOutcome.Got && Atomics.LoadAcquire(ref frame.SlabCacheId) == _id)
            """,
            """
            ref var frame = ref _tables.Frame(handle.Index >> _tables.SlotShift);
            var isMine = Atomics.LoadAcquire(ref frame.SlabCacheId) == _id;
            var outcome = Lifetime.TryGet(ref _tables.SlotWord(handle.Index), handle.Generation);
            if (outcome == GetOutcome.Got && isMine)
            """,
            "slab-identity-under-reference"),
        new(
            "identity-not-checked",
            "A good handle of another type's object must be refused.",
            SlabCache,
            "if (outcome == GetOutcome.Got && Atomics.LoadAcquire(ref frame.SlabCacheId) == _id)",
            "if (outcome == GetOutcome.Got)",
            "slab-lookup-through-other-cache"),
        new(
            "stranger-destroyed-by-the-callers-type",
            "A look-up that ends a stranger's life must run the stranger's destructor.",
            SlabCacheSlowPaths,
            "_registry.CacheOf(handle.Index).Destroy(handle.Index, generation);",
            "Destroy(handle.Index, generation);",
            "slab-stale-lookup-holds-stranger"),
        new(
            "stranger-put-by-the-callers-type",
            "The wrong pairing: a reference taken on another cache's object is put through that cache, which may have to destroy it.",
            SlabCacheSlowPaths,
            "_registry.CacheOf(handle.Index).Put(handle.Index, handle.Generation);",
            "Put(handle.Index, handle.Generation);",
            "slab-lookup-through-other-cache"),
        new(
            "last-holder-destroys-nothing",
            "A look-up by a stale handle that is the last to leave must end the object.",
            SlabCacheSlowPaths,
            "case GetOutcome.StaleMustDestroy or GetOutcome.SaturatedMustDestroy:",
            "case GetOutcome.SaturatedMustDestroy:",
            "slab-stale-lookup-against-return"),
        new(
            "return-through-any-cache",
            "A return must ask whose slab it is.",
            SlabCacheReturning,
            """
            if (Atomics.LoadAcquire(ref _tables.Frame(index >> _tables.SlotShift).SlabCacheId) != _id)
                return ReturnOutcome.Stale;
            if (_threads
            """,
            "if (_threads",
            "slab-return-through-other-cache"),
        new(
            "fast-return-through-any-cache",
            "So must the short way of a return.",
            SlabCacheReturning,
            """
            && Atomics.LoadAcquire(ref _tables.Frame(index >> _tables.SlotShift).SlabCacheId) == _id
            && Life
            """,
            "&& Life",
            "slab-return-through-other-cache"),
        new(
            "last-generation-not-retired",
            "A word that has issued its last generation is never used again.",
            SlabCacheSlowPaths,
            """
            if (generation == _generations.Last)
                Retire(index);
            else
                FreeSlot(index);
            """,
            """
            if (generation == _generations.Last + 1)
                Retire(index);
            else
                FreeSlot(index);
            """,
            "slab-retire-lookup-release"),
        new(
            "last-generation-pushed",
            "Nor after the short way of a return.",
            SlabCacheReturning,
            "if (_destroys || generation == _generations.Last)",
            "if (_destroys)",
            "judged-last-generation"),
        new(
            "slot-of-a-failed-constructor-dropped",
            "A constructor that throws leaves the slot free.",
            SlabCacheSlowPaths,
            """
            FreeSlot(index);
            throw;
            """,
            "throw;",
            "slab-constructor-fails"),
        new(
            "nothing-reclaimed",
            "Before a rent fails for want of memory, what lies in threads' stacks is asked for.",
            SlabCacheSlowPaths,
            "while (taken == 0 && reclaim.TryFreeSome())",
            "while (taken != 0 && reclaim.TryFreeSome())",
            "slab-reclaim-for-other-type"),
        new(
            "trim-keeps-what-it-drained",
            "What is drained out of stacks goes to the slabs.",
            SlabCacheOwnership,
            "_stacks.DrainAll(_store.GiveQuietly);",
            "_stacks.DrainAll(static _ => { });",
            "slab-remote-return-trim"),
        new(
            "slab-released-with-an-object-out",
            "A slab goes back to the pages when its last slot has come back, not before.",
            SlabStoreSlots,
            "_free++;\n        if (header.IsEmpty)",
            "_free++;\n        if (header.FreeCount + header.RetiredCount + 1 >= header.SlotCount)",
            "slab-racing-returns-next-rents"),
        new(
            "retired-slots-keep-the-slab",
            "Retired slots don't come back: a slab with nothing else out is empty.",
            SlabHeader,
            "FreeCount + RetiredCount == SlotCount",
            "FreeCount == SlotCount",
            "slab-retire-worn-slab"),
        new(
            "more-empty-slabs-kept-than-allowed",
            "Of empty slabs so many are kept and no more; the others' pages go back.",
            SlabStore,
            "_empty.Count < _emptySlabsKept && header",
            "_empty.Count <= _emptySlabsKept && header",
            "slab-put-lookup-retype"),
        new(
            "frames-forgotten-after-they-went-back",
            "A frame that has gone back may be another slab's at once: whose it was is wiped before.",
            SlabStore,
            """
            for (var frame = head; frame < head + header.FrameCount; frame++)
                Atomics.StoreRelease(ref _tables.Frame(frame).SlabCacheId, 0);
            header.Cookie = 0;
            header.List = SlabListKind.None;
            registry.Pages.FreeExact(new FrameNumber(head), (int)header.FrameCount);
            """,
            """
            header.Cookie = 0;
            header.List = SlabListKind.None;
            registry.Pages.FreeExact(new FrameNumber(head), (int)header.FrameCount);
            for (var frame = head; frame < head + header.FrameCount; frame++)
                Atomics.StoreRelease(ref _tables.Frame(frame).SlabCacheId, 0);
            """,
            "slab-put-lookup-retype"),
        new(
            "closed-store-grows",
            "After the close nothing would give a new slab back.",
            SlabStore,
            """
            if (!_closed)
            {
                added = true;
            """,
            """
            if (!_closed || cacheId != 0)
            {
                added = true;
            """,
            "dispose-cache-grow"),
        new(
            "refused-slab-leaked",
            "Pages taken for a slab that can't be added go back.",
            SlabStore,
            """
                registry.Pages.FreeExact(new FrameNumber(head), layout.FrameCount);
            ReportFound();
            """,
            """
                _ = head;
            ReportFound();
            """,
            "dispose-cache-grow"),
        new(
            "closed-store-keeps-empty-slabs",
            "A closed store keeps no empty slab.",
            SlabStore,
            """
            _closed = true;
            _emptySlabsKept = 0;
            """,
            "_closed = true;",
            "dispose-cache-remote-return"),
        new(
            "forgotten-too-early",
            "A cache is forgotten only when no object of it can exist: whoever meets one must find its destructor.",
            SlabCacheSlowPaths,
            "if (_store.IsGone && _guards?.IsGone != false)",
            "if (_store.IsGone || IsDisposed)",
            "dispose-cache-grow"),
        new(
            "gone-though-not-closed",
            "A store is gone when it is closed and its last slab has left: before the close another slab may come.",
            SlabStore,
            "return _closed && _slabs == 0;",
            "return _slabs == 0;",
            "dispose-cache-grow"),
        new(
            "never-forgotten-after-a-late-return",
            "Whoever brings the last object of a disposed cache back has it forgotten.",
            SlabCacheSlowPaths,
            """
                _store.Return(index);
            if (IsDisposed)
                ForgetIfGone();
            """,
            "_store.Return(index);",
            "dispose-cache-last-return-lookup"),
        new(
            "never-forgotten-after-a-late-retirement",
            "So does whoever ends the last object in its word's last generation.",
            SlabCacheSlowPaths,
            """
            _store.Retire(index);
            if (IsDisposed)
                ForgetIfGone();
            """,
            "_store.Retire(index);",
            "dispose-cache-retire"),
        new(
            "stacks-not-closed",
            "A disposed cache's stacks must be shut, or a late return stays in one.",
            SlabCache,
            "_stacks.Close(_store.GiveQuietly);",
            "_stacks.DrainAll(_store.GiveQuietly);",
            "dispose-cache-remote-return"),
        new(
            "cache-disposed-twice",
            "Of two that dispose one goes on.",
            SlabCache,
            """
            if (Atomics.Exchange(ref _disposed, 1) != 0)
                return;
            """,
            """
            if (IsDisposed)
                return;
            Atomics.StoreRelease(ref _disposed, 1);
            """,
            "dispose-cache-twice"),
        new(
            "cache-published-after-the-close",
            "A cache that becomes findable after the runtime's end would never be disposed.",
            SlabRegistry,
            """
            ObjectDisposedException.ThrowIf(_closed, typeof(SlabRegistry));
            Atomics.StoreRelease(ref _caches[cache.Id], cache);
            """,
            "Atomics.StoreRelease(ref _caches[cache.Id], cache);",
            "dispose-runtime-create-cache"),
        new(
            "registry-not-closed",
            "A runtime that is disposed takes no more caches.",
            SlabRegistry,
            """
                _closed = true;
            return
            """,
            """
                _closed = false;
            return
            """,
            "dispose-runtime-create-cache"),
        new(
            "discarded-words-not-raised",
            "A word that forgot what it issued goes on above all that.",
            FrameTableDiscard,
            "Lifetime.RaiseTo(ref SlotWord(index), entry.GenerationFloor);",
            "_ = index;",
            "slab-words-discarded-under-lookups"),
        new(
            "floor-below-what-was-issued",
            "The floor is above every generation that the words had issued.",
            FrameTableDiscard,
            "Math.Max(entry.GenerationFloor, ",
            "Math.Min(entry.GenerationFloor, ",
            "slab-words-discarded-under-lookups"),
        new(
            "words-of-a-slab-in-use-discarded",
            "Only words of free frames are discarded.",
            PageAllocatorRefill,
            "var isFree = IsFree(in frame);",
            "var isFree = head == 0;",
            "slab-words-discarded-against-put"),
    ];
}
