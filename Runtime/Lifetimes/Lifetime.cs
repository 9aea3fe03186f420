using System.Runtime.CompilerServices;
using FolioRuntime.Primitives;

namespace FolioRuntime.Lifetimes;

/// <summary>
/// Every operation on a lifetime word, and the only atomics on it. The callers own the memory the word speaks of; this
/// class only says who may use it and who must destroy it.
/// <code>
///   references[34..63] | owned[33] | live[32] | generation[0..31]
///   Writers: publish, TryGet, Put, Return, freeze, unfreeze, free while frozen. Readers: any thread.
/// </code>
/// Order: the step that ends a generation (a CAS, a full fence) precedes the next owner's initialising writes; the next
/// owner's publishing release store pairs with the add in <see cref="TryGet"/> (L7).
/// Source: Linux <c>folio_try_get</c>, <c>folio_put</c>, <c>folio_ref_freeze</c>; the tag inside the CAS operand and the
/// owner's hold are this runtime's own.
/// </summary>
internal static class Lifetime
{
    /// <summary>The word as it stands, with acquire order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LifetimeWord Load(ref readonly ulong word) => new(Atomics.LoadAcquire(in word));

    /// <summary>
    /// Makes an initialised object visible with the owner's hold, to be ended by <see cref="Return"/>. The word must be
    /// dead, not retired, and exclusively the caller's. One release store: it wipes what failed gets left behind, and they will
    /// not undo it (L6); what was written before is visible to whoever gets it (L7).   [LifetimeInterleavingTests.L7_…]
    /// </summary>
    /// <returns>The generation issued.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint PublishRented(ref ulong word, GenerationSpace space) => (uint)PublishHeld(ref word, space, LifetimeWord.SharedHold);

    /// <summary>As <see cref="PublishRented"/>, but the caller gets counted references instead of the owner's hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint PublishReferenced(ref ulong word, GenerationSpace space, uint references = 1)
    {
        var generation = GenerationToIssue(ref word, space);
        Atomics.StoreRelease(ref word, LifetimeWord.Referenced(generation, references).Bits);
        return generation;
    }

    /// <summary>
    /// As <see cref="PublishRented"/> for the exclusive discipline: owned and never live, so that a stale shared handle from
    /// the word's earlier life can't touch it; its adds land in a reference field that nobody reads.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint PublishExclusive(ref ulong word, GenerationSpace space) => (uint)PublishHeld(ref word, space, LifetimeWord.ExclusiveHold);

    /// <summary>As <see cref="PublishRented"/> or <see cref="PublishExclusive"/>, for callers that know the discipline's hold, <see cref="LifetimeWord.SharedHold"/> or <see cref="LifetimeWord.ExclusiveHold"/>, and so need not branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong PublishHeld(ref ulong word, GenerationSpace space, ulong hold)
    {
        ulong generation = GenerationToIssue(ref word, space);
        Atomics.StoreRelease(ref word, hold | generation);
        return generation;
    }

    /// <summary>
    /// Has a word whose memory was given back, and which so forgot what it issued, go on from a generation above all that. The word must be dead and exclusively the
    /// caller's, and this comes before its publication (L5). One release store, which wipes stray adds as publishing does (L6).   [SlotWordDiscardTests.L3_…]
    /// </summary>
    public static void RaiseTo(ref ulong word, uint generation)
    {
        var dead = Load(ref word);
        Invariant.Check(!dead.IsLive && !dead.IsOwned, "only a dead word is raised");
        if (dead.Generation < generation)
            Atomics.StoreRelease(ref word, LifetimeWord.Dead(generation).Bits);
    }

    /// <summary>
    /// Takes a reference if the object of this generation is alive: one unconditional add. On a dead word the add stays
    /// (L6: it can't reach owned, live or generation, and the next publication wipes it). On a live word of another
    /// generation, or beyond the limit, the reference taken is a real one and is dropped with a full put.
    /// L2: once the add returned this generation live, no free path can end it before our put: both CASes demand 0 references.
    /// [LifetimeTests.L2_…, L4_…, L6_…]
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GetOutcome TryGet(ref ulong word, uint generation)
    {
        var after = new LifetimeWord(Atomics.Add(ref word, LifetimeWord.OneReference));
        return after.IsLiveAt(generation) && after.References <= LifetimeWord.ReferenceLimit
            ? GetOutcome.Got
            : TryGetFailed(ref word, generation, after);
    }

    /// <summary>
    /// Drops a reference that the caller holds. Whoever leaves a live word without references and owner tries, once, to
    /// CAS exactly the word its own add produced; the generation is in the operand, so a CAS delayed past a recycling fails
    /// (L1, L3). Only the winner destroys; a loser's object was revived or ended by someone else.   [LifetimeTests.L1_…, L3_…]
    /// </summary>
    /// <param name="word">The word.</param>
    /// <param name="generation">The generation that was got.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PutOutcome Put(ref ulong word, uint generation)
    {
        var after = new LifetimeWord(Atomics.Add(ref word, LifetimeWord.MinusOneReference));
        return after.IsLiveAt(generation) && after.References - 1 < LifetimeWord.UnderflowFrom - 1
            ? PutOutcome.Dropped
            : PutLastOrSurplus(ref word, generation, after);
    }

    /// <summary>
    /// The usual end of a rented object: nobody else has a reference. One CAS from exactly what publishing stored. False says only that it
    /// is not that simple: <see cref="Return"/> or <see cref="ReturnExclusive"/> then judges. The caller has loaded the same word before.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReturnUnreferenced(ref ulong word, uint generation, LifetimeWord published) =>
        Atomics.CompareExchange(ref word, LifetimeWord.Dead(generation).Freed.Bits, published.Bits) == published.Bits;

    /// <summary>
    /// Ends the owner's hold, for a handle that nobody has checked. Everything is checked before anything changes, so no
    /// number of wrong returns consumes a reference of somebody else. With no references the generation ends here, in the same
    /// CAS (L1, L5); with some, their last put ends it.
    /// </summary>
    /// <param name="word">The word.</param>
    /// <param name="generation">The generation in the handle.</param>
    /// <param name="seen">A value loaded from the word, to start from.</param>
    public static ReturnOutcome Return(ref ulong word, uint generation, LifetimeWord seen)
    {
        // Lock-free: a CAS fails only because another thread's add, put or freeze got through. Polling may delay us, so back off.
        var wait = default(SpinWait);
        while (true)
        {
            if (!seen.IsLiveAt(generation))
                return seen.Generation != generation ? ReturnOutcome.Stale : seen.IsOwned ? ReturnOutcome.Frozen : ReturnOutcome.NotOwned;
            if (!seen.IsOwned)
                return ReturnOutcome.NotOwned;

            var desired = seen.References == 0 ? seen.Freed.Bits : seen.Bits & ~LifetimeWord.Owned;
            var found = Atomics.CompareExchange(ref word, desired, seen.Bits);
            if (found == seen.Bits)
                return seen.References == 0 ? ReturnOutcome.MustDestroy : ReturnOutcome.Deferred;
            seen = new LifetimeWord(found);
            Atomics.SpinOnce(ref wait);
        }
    }

    /// <summary>
    /// As <see cref="Return"/> for an exclusive word. The references are strays of failed gets and mean nothing; of any
    /// number of racing returns the CAS lets one through.   [LifetimeTests.Exclusive_…]
    /// </summary>
    public static ReturnOutcome ReturnExclusive(ref ulong word, uint generation, LifetimeWord seen)
    {
        // Lock-free: a CAS fails only because a stray add or another return got through.
        var wait = default(SpinWait);
        while (true)
        {
            if (!seen.IsHeldExclusivelyAt(generation))
                return seen.Generation == generation ? ReturnOutcome.NotOwned : ReturnOutcome.Stale;
            var found = Atomics.CompareExchange(ref word, seen.Freed.Bits, seen.Bits);
            if (found == seen.Bits)
                return ReturnOutcome.MustDestroy;
            seen = new LifetimeWord(found);
            Atomics.SpinOnce(ref wait);
        }
    }

    /// <summary>
    /// Ends an exclusive life by the only one who may write the word while it is held, and who has seen that it is: no read-modify-write at all. A get that
    /// fails meanwhile may lose its stray add, which means nothing. That there is only one is the caller's affair; two at once would both succeed.   [owned-… scenarios]
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EndAsWriter(ref ulong word, ulong generation)
    {
        Invariant.Check(Load(ref word).IsHeldExclusivelyAt((uint)generation), "only the writer of a held word ends its life");
        Atomics.StoreRelease(ref word, generation + 1);
    }

    /// <summary>
    /// Makes the object unreachable for gets while its holder works on it: all <paramref name="references"/> references are the
    /// caller's, the owner's hold too if there is one, and none is put while frozen. Fails if there is any other reference, also a
    /// transient one of a failing get: try again. The generation stays, so a get says "not now".
    /// Source: <c>folio_ref_freeze</c>.
    /// </summary>
    public static bool TryFreeze(ref ulong word, uint generation, uint references)
    {
        var seen = Load(ref word);
        if (!seen.IsLiveAt(generation) || seen.References != references)
            return false;

        // Without a reference and without an owner the word is on its way to its end: there is nobody to freeze it.
        if (references == 0 && !seen.IsOwned)
            return false;
        var frozen = (seen.Bits & LifetimeWord.Owned) | generation;
        return Atomics.CompareExchange(ref word, frozen, seen.Bits) == seen.Bits;
    }

    /// <summary>Undoes <see cref="TryFreeze"/>, by the freezer: one release store, which wipes stray adds and shows what was written meanwhile.</summary>
    public static void Unfreeze(ref ulong word, uint generation, uint references)
    {
        var seen = Load(ref word);
        Invariant.Check(!seen.IsLive && seen.Generation == generation, "only the freezer unfreezes");
        Atomics.StoreRelease(ref word, LifetimeWord.Referenced(generation, references).Bits | (seen.Bits & LifetimeWord.Owned));
    }

    /// <summary>
    /// Ends the generation of a frozen object, by the freezer, who must then destroy it. A store and not a CAS: stray adds may never stop (L5, L6).
    /// The barrier keeps the next owner's content behind the tag for optimistic readers.
    /// </summary>
    public static void FreeFrozen(ref ulong word, uint generation)
    {
        Invariant.Check(!Load(ref word).IsLive && Load(ref word).Generation == generation, "only the freezer frees a frozen object");
        Atomics.StoreRelease(ref word, LifetimeWord.Dead(generation).Freed.Bits);
        Atomics.WriteBarrier();
    }

    /// <summary>Starts a read that writes no shared memory: the object is alive in this generation and its content is not being changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryBeginRead(ref readonly ulong word, ref readonly uint sequence, uint generation, out uint sequenceSeen)
    {
        var live = Load(in word).IsLiveAt(generation);
        sequenceSeen = Atomics.LoadAcquire(in sequence);
        return live && (sequenceSeen & 1) == 0;
    }

    /// <summary>
    /// Whether what was read since <see cref="TryBeginRead"/> was one consistent content of the live object. References are not
    /// compared, so gets and puts don't disturb readers. What was copied must not be looked at before this says true.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool EndRead(ref readonly ulong word, ref readonly uint sequence, uint generation, uint sequenceSeen)
    {
        Atomics.ReadBarrier();
        return Load(in word).IsLiveAt(generation) && Atomics.LoadAcquire(in sequence) == sequenceSeen;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint GenerationToIssue(ref ulong word, GenerationSpace space)
    {
        var dead = Load(ref word);
        Invariant.Check(!dead.IsLive && !dead.IsOwned, "only a dead word is published");
        Invariant.Check(!space.IsRetired(dead), "a retired word is never published");
        return space.ToIssue(dead);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static GetOutcome TryGetFailed(ref ulong word, uint generation, LifetimeWord after)
    {
        if (!after.IsLive)
            return after.Generation == generation ? GetOutcome.NotNow : GetOutcome.Stale;

        // A real reference on a live object, though not one we want: the put must be by the object's own generation.
        var last = Put(ref word, after.Generation) == PutOutcome.MustDestroy;
        if (after.Generation != generation)
            return last ? GetOutcome.StaleMustDestroy : GetOutcome.Stale;
        return last ? GetOutcome.SaturatedMustDestroy : GetOutcome.Saturated;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PutOutcome PutLastOrSurplus(ref ulong word, uint generation, LifetimeWord after)
    {
        if (!after.IsLive)
            return PutOutcome.Surplus;
        if (after.Generation != generation || after.References >= LifetimeWord.UnderflowFrom)
        {
            // What we took belongs to somebody: give it back. Between our two adds the count is one too low: an object with several holders
            // may be ended by one of them under the others, and one whose holder left meanwhile may never be. It is reported either way:
            // a surplus put breaks the contract that L2 rests on, and an add can't be checked before it is made.
            Atomics.Add(ref word, LifetimeWord.OneReference);
            return PutOutcome.Surplus;
        }

        if (after.IsOwned)
            return PutOutcome.Dropped;
        return Atomics.CompareExchange(ref word, after.Freed.Bits, after.Bits) == after.Bits
            ? PutOutcome.MustDestroy
            : PutOutcome.Dropped;
    }
}
