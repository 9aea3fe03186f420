using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <content>
/// Slabs that threads own. The words of slots that are out of such a slab are ended by one writer, without any read-modify-write:
/// <code>
///   the slab is          who ends a life in it
///   a thread's           that thread, inside its stack's section; or under this latch: that thread, or whoever has shut it out or seen its end
///   nobody's             anyone, under this latch
/// </code>
/// Anyone else's return is a message, by value, into the owner's inbox, and the owner judges it: of any number of returns of one life, from any threads, one
/// succeeds. A slab gets an owner when it has a slot taken from it, under this latch; it loses it when no slot is out, or when its owner has been shut out or has
/// ended, who then gets another number. So a number that is on a frame and not among <see cref="_owners"/> is nobody's.
/// </content>
internal sealed partial class SlabStore
{
    /// <summary>Messages to one owner beyond which it should be made to take them in.</summary>
    private const int InboxLimit = 1024;

    // Under the latch.
    private readonly Dictionary<ulong, SlabOwner> _owners = [];
    private readonly List<SlabHandle> _refused = [];
    private bool _isOverfull;

    // The owner found last: messages come in batches, and many go to one.
    private SlabOwner? _ownerFoundLast;

    /// <summary>
    /// Delivers a return, and others that waited for it: judges those that the caller may judge, and puts the rest into their owners' inboxes.
    /// </summary>
    /// <param name="thread">The calling thread's stack; none: it has none, and owns nothing.</param>
    /// <param name="sent">What waited. Those that are no good are reported.</param>
    /// <param name="last">What is returned now.</param>
    /// <param name="isOverfull">Whether an owner has so many waiting that it should be shut out for a moment to have them taken in.</param>
    /// <returns>False: the one returned now is no good.</returns>
    public bool TryDeliver(ThreadStack thread, ReadOnlySpan<ulong> sent, SlabHandle last, out bool isOverfull)
    {
        bool delivered;
        using (_latch.Hold())
        {
            var senderId = thread.Exists ? thread.OwnerId : 0;
            foreach (var handle in sent)
                DeliverOrRefuseUnsynchronized(new SlabHandle(handle), senderId);
            delivered = TryDeliverUnsynchronized(last, senderId);
            isOverfull = _isOverfull;
            _isOverfull = false;
        }

        ReportFound();
        return delivered;
    }

    /// <summary>
    /// Takes over all that a thread has, which is shut out or has ended: its messages are delivered, its inbox judged, and its slabs become nobody's.
    /// Called under the latch of the stacks.
    /// </summary>
    public void TakeOver(ThreadStack thread, ulong nextOwnerId)
    {
        using (_latch.Hold())
        {
            foreach (var handle in thread.SentForRevoker)
                DeliverOrRefuseUnsynchronized(new SlabHandle(handle), thread.OwnerId);
            if (_owners.TryGetValue(thread.OwnerId, out var owner))
                DisownUnsynchronized(owner);
            thread.TakenOverByRevoker(nextOwnerId);
        }
    }

    /// <summary>What is known of the calling thread as an owner.</summary>
    private SlabOwner OwnerUnsynchronized(ThreadStack thread)
    {
        if (!_owners.TryGetValue(thread.OwnerId, out var owner))
            _owners.Add(thread.OwnerId, owner = new SlabOwner(_tables, thread.OwnerId));
        return owner;
    }

    private SlabOwner? FindOwnerUnsynchronized(ulong id)
    {
        if (_ownerFoundLast?.Id != id)
            _ownerFoundLast = _owners.GetValueOrDefault(id);
        return _ownerFoundLast;
    }

    private bool TryDeliverUnsynchronized(SlabHandle handle, ulong senderId)
    {
        var id = Atomics.LoadAcquire(ref _tables.Frame(handle.Index >> _tables.SlotShift).SlabOwner);
        if (id == senderId || FindOwnerUnsynchronized(id) is not { } owner)
            return TryEndUnsynchronized(handle, [], out _);
        owner.Inbox.Add(handle);
        _isOverfull |= owner.Inbox.Count > InboxLimit;
        return true;
    }

    private void DeliverOrRefuseUnsynchronized(SlabHandle handle, ulong senderId)
    {
        if (!TryDeliverUnsynchronized(handle, senderId))
            _refused.Add(handle);
    }

    /// <summary>Judges what waits for an owner. Slots that become free serve him at once, as many as he needs; the others go back to their slabs.</summary>
    /// <returns>How many serve him.</returns>
    private int TakeInUnsynchronized(SlabOwner owner, Span<uint> needed)
    {
        var taken = 0;
        foreach (var handle in owner.Inbox)
        {
            if (!TryEndUnsynchronized(handle, needed[taken..], out var serves))
                _refused.Add(handle);
            taken += serves ? 1 : 0;
        }

        owner.Inbox.Clear();
        return taken;
    }

    /// <summary>
    /// Ends a life in a slab that is the caller's to write, or nobody's, and frees its slot: it is the first of those needed, if any are, or goes back to its slab.
    /// False: it doesn't live in this generation here.
    /// </summary>
    private bool TryEndUnsynchronized(SlabHandle handle, Span<uint> needed, out bool serves)
    {
        serves = false;
        // L1: under the latch, with the slab's owner shut out, ended, or this thread, nobody else writes the word while it is held. That the slab was this cache's
        // when the return was made is known, and no other cache's object ever has the same generation here.
        ref var word = ref _tables.SlotWord(handle.Index);
        if (!Lifetime.Load(ref word).IsHeldExclusivelyAt(handle.Generation))
            return false;
        Lifetime.EndAsWriter(ref word, handle.Generation);
        _returned++;
        if (handle.Generation == registry.Generations.Last)
            RetireUnsynchronized(handle.Index);
        else if (needed.IsEmpty)
            GiveUnsynchronized(handle.Index);
        else
            serves = TryServeUnsynchronized(handle.Index, ref needed[0]);
        return true;
    }

    /// <summary>Takes a slot that has just become free, as if it had gone back to its slab and been the first to be taken from there. False: the slab is one that nothing is taken from.</summary>
    private bool TryServeUnsynchronized(uint slot, ref uint needed)
    {
        if (!TryFindSlab(slot, out var head))
            return false;
        if (_tables.Header(head).List == SlabListKind.Worn)
        {
            GiveUnsynchronized(slot);
            return false;
        }

        needed = slot;
        return true;
    }

    /// <summary>Makes the slabs of all threads nobody's: none of them will use its own again.</summary>
    private void DisownAllUnsynchronized()
    {
        foreach (var owner in _owners.Values.ToArray())
            DisownUnsynchronized(owner);
    }

    private void DisownUnsynchronized(SlabOwner owner)
    {
        TakeInUnsynchronized(owner, []);

        // Ends: each turn takes a slab off the list, or finds damage and makes the lists anew without it.
        while (owner.Partial.Count > 0)
        {
            var head = owner.Partial.First;
            if (!TryCheckLinks(owner.Partial, head))
                continue;
            owner.Partial.MoveOut(head, SlabListKind.Full);
            SetOwner(head, 0);
            _partial.AddLast(head);
        }

        _owners.Remove(owner.Id);
        _ownerFoundLast = null;
    }

    /// <summary>The list that a slab is on, or belongs on, when it has free slots.</summary>
    private SlabList PartialOf(uint head) =>
        FindOwnerUnsynchronized(Atomics.LoadAcquire(ref _tables.Frame(head).SlabOwner))?.Partial ?? _partial;

    private void SetOwner(uint head, ulong id)
    {
        for (var frame = head; frame < head + (uint)LayoutOf(head).FrameCount; frame++)
            Atomics.StoreRelease(ref _tables.Frame(frame).SlabOwner, id);
    }
}
