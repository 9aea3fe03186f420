using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>What slabs that threads own do, made wrong.</summary>
internal static class OwnedMutants
{
    private const string Cache = "Runtime/Slabs/SlabCache.Ownership.cs";
    private const string Returning = "Runtime/Slabs/SlabCache.Returning.cs";
    private const string Bulk = "Runtime/Slabs/SlabCache.Bulk.cs";
    private const string Store = "Runtime/Slabs/SlabStore.Ownership.cs";
    private const string SlabStore = "Runtime/Slabs/SlabStore.cs";
    private const string ThreadStack = "Runtime/Primitives/ThreadStack.cs";
    private const string ThreadStackSet = "Runtime/Primitives/ThreadStackSet.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "anyone-writes-owned-words",
            "A thread that doesn't own the slab has no business with its words.",
            Cache,
            "|| Atomics.LoadAcquire(ref _tables.Frame(index >> _tables.SlotShift).SlabOwner) != stack.OwnerId\n            || generation",
            "|| generation",
            "owned-double-return"),
        new(
            "owned-word-ended-unchecked",
            "An owner's return is as untrusted as anybody's.",
            Cache,
            "if (Lifetime.Load(ref word).Bits != (_hold | generation)\n            || Atomics",
            "if (Atomics",
            "owned-double-return"),
        new(
            "owner-looked-at-before-the-word",
            "Who finds a word held must then ask whose it is, not before: its life may have begun in between, under another owner.",
            Cache,
            """
            if (Lifetime.Load(ref word).Bits != (_hold | generation)
                || Atomics.LoadAcquire(ref _tables.Frame(index >> _tables.SlotShift).SlabOwner) != stack.OwnerId
            """,
            """
            if (Atomics.LoadAcquire(ref _tables.Frame(index >> _tables.SlotShift).SlabOwner) != stack.OwnerId
                || Lifetime.Load(ref word).Bits != (_hold | generation)
            """,
            "owned-forged-against-next-owner"),
        new(
            "owner-outside-its-section",
            "Outside its section an owner may be shut out, and its slab be another's, between its look and its store.",
            Returning,
            """
            else if (stack.Exists && stack.TryEnter())
            {
                if (TryEndOwnInside
            """,
            """
            else if (stack.Exists)
            {
                if (TryEndOwnInside
            """,
            "owned-double-return-against-trim"),
        new(
            "many-rented-outside-the-section",
            "Slots are popped where nobody empties the stack meanwhile, also many at once.",
            Bulk,
            "if (!stack.Exists || _prepares || !stack.TryEnter())",
            "if (!stack.Exists || _prepares)",
            "owned-many-rented-against-trim"),
        new(
            "many-returned-outside-the-section",
            "Nor are they pushed.",
            Bulk,
            "if (!stack.Exists || !stack.TryEnter())",
            "if (!stack.Exists)",
            "owned-many-returned-against-trim"),
        new(
            "rest-of-many-skipped",
            "What the section couldn't return is returned the long way.",
            Bulk,
            "for (var i = _threadsOwnSlabs ? ReturnOwnMany(handles) : 0; i < handles.Length; i++, i += _threadsOwnSlabs ? ReturnOwnMany(handles[i..]) : 0)",
            "for (var i = _threadsOwnSlabs ? ReturnOwnMany(handles) + 1 : 0; i < handles.Length; i++, i += _threadsOwnSlabs ? ReturnOwnMany(handles[i..]) : 0)",
            "owned-many-double-return"),
        new(
            "number-kept-after-a-takeover",
            "Who was shut out must no longer take for its own what has become another's.",
            ThreadStack,
            "_block->OwnerId = nextOwnerId;",
            "_ = nextOwnerId;",
            "owned-trimmed-and-returned-by-both"),
        new(
            "messages-dropped-at-a-takeover",
            "Messages of a thread that is shut out, or has ended, are delivered.",
            Store,
            "DeliverOrRefuseUnsynchronized(new SlabHandle(handle), thread.OwnerId);\n            if (_owners",
            "_ = handle;\n            if (_owners",
            "owned-return-elsewhere"),
        new(
            "inbox-dropped-at-a-takeover",
            "What waits for an owner that is shut out, or has ended, is judged.",
            Store,
            """
            {
                TakeInUnsynchronized(owner, []);

                // Ends
            """,
            """
            {
                // Ends
            """,
            "owned-inbox-of-an-ended-owner"),
        new(
            "message-judged-by-its-sender",
            "Only its owner may write a word, and so only it can judge a return.",
            Store,
            "if (id == senderId || FindOwnerUnsynchronized(id) is not { } owner)",
            "if (id != ulong.MaxValue || FindOwnerUnsynchronized(id) is not { } owner)",
            "owned-inbox-taken-in"),
        new(
            "owners-outlive-the-close",
            "After the end nobody takes in an inbox: no slab may be a thread's any more.",
            SlabStore,
            "DisownAllUnsynchronized();",
            "_ = _owners;",
            "owned-dispose-refill"),
        new(
            "emptied-slab-stays-owned",
            "A slab that went back to the pages is no longer its last owner's.",
            SlabStore,
            """
            if (_owners.Count > 0)
                SetOwner(head, 0);
            """,
            "",
            "owned-page-to-another-cache"),
        new(
            "slab-grown-for-nothing",
            "A new slab that its maker didn't need in the end is an empty one; else a trim passes it by, and a disposed cache never ends.",
            SlabStore,
            "if (header.List == SlabListKind.Partial && header.IsEmpty)",
            "if (header.List == SlabListKind.None)",
            "owned-grown-for-nothing"),
        new(
            "no-takeover",
            "Whoever empties a thread's stack takes its slabs over too.",
            ThreadStackSet,
            "_takeover?.Invoke(stack, NextOwnerId());",
            "_ = _takeover;",
            "owned-taken-from-another"),
        new(
            "served-slot-goes-back-too",
            "A slot that serves its owner at once must not go back to its slab as well.",
            Store,
            """
            needed = slot;
            return true;
            """,
            """
            needed = slot;
            GiveUnsynchronized(slot);
            return true;
            """,
            "owned-inbox-serves"),
        new(
            "served-slot-lost",
            "A slot that doesn't serve its owner goes back to its slab.",
            Store,
            "serves = TryServeUnsynchronized(handle.Index, ref needed[0]);",
            "TryServeUnsynchronized(handle.Index, ref needed[0]);",
            "owned-inbox-serves"),
        new(
            "refused-messages-forgotten",
            "A return that turns out to be one too many is told.",
            Store,
            """
                if (!TryEndUnsynchronized(handle, needed[taken..], out var serves))
                    _refused.Add(handle);
            """,
            """
                TryEndUnsynchronized(handle, needed[taken..], out var serves);
            """,
            "owned-inbox-taken-in"),
    ];
}
