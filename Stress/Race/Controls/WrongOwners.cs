extern alias instrumented;

using FolioRuntime.Race.Hazards;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;
using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Controls;

/// <summary>
/// CONTROL, FROZEN: a bounded pool whose slabs have owners, the only ones who write the words of their objects; everybody else's returns are messages. One
/// step of it is wrong. It shares no code with the runtime. Don't repair it, don't tune it.
/// <code>
///   rent:    own slots ─► inbox ─► own slabs ─► nobody's slabs ─► everybody's        return:  owner: look, store, keep
///   word:    rented[33] | generation[0..31]                                                   others: outbox ─► the owner's inbox
///   latches: the pool's, then one owner's section
/// </code>
/// </summary>
internal sealed class WrongOwners : IStore, IEndingCache
{
    private const int ObjectBytes = 64;
    private const int SlabSlots = 16;
    private const int MostSent = 4;
    private const ulong Rented = 1ul << 33;

    private readonly WrongStep _wrong;
    private readonly Action<Span<byte>> _constructor;
    private readonly ulong[] _words;
    private readonly byte[] _contents;
    private readonly WrongOwner?[] _owners;
    private readonly Stack<uint>[] _free;
    private readonly Latch _latch = new();
    private readonly List<WrongOwner> _everybody = [];
    private ThreadLocal<WrongOwner> _own = null!;
    private long _toldLater;
    private uint _ended;

    /// <param name="capacity">Most objects out at a time.</param>
    /// <param name="wrong">The step that is wrong.</param>
    /// <param name="constructor">Run on each object.</param>
    public WrongOwners(int capacity, WrongStep wrong, Action<Span<byte>> constructor)
    {
        _wrong = wrong;
        _constructor = constructor;
        Capacity = capacity;
        _words = new ulong[capacity];
        _contents = new byte[capacity * ObjectBytes];
        _owners = new WrongOwner?[capacity / SlabSlots];
        _free = [.. _owners.Select(_ => new Stack<uint>())];
        Repair();
    }

    public int Capacity { get; }

    public uint IndexLimit => (uint)Capacity;

    public long? ToldLater => _toldLater;

    public bool TryRent(out ulong handle)
    {
        handle = 0;
        if (!TryTake(_own.Value!, out var slot))
            return false;
        _constructor(Content(slot));
        ref var word = ref _words[slot];
        handle = (Atomics.LoadAcquire(ref word) << 32) | slot;
        Atomics.StoreRelease(ref word, Rented | (handle >> 32));
        return true;
    }

    public bool TryReturn(ulong handle)
    {
        var own = _own.Value!;
        if (TryReturnOwn(own, handle))
            return true;
        if (!IsHeld(handle))
            return false;
        using (own.Section.Hold())
        {
            if (_wrong == WrongStep.EndedElsewhere)
            {
                End(handle);
                own.Free.Push((uint)handle);
                return true;
            }

            own.Outbox.Add(handle);
            if (own.Outbox.Count < MostSent && !HasEnded)
                return true;
        }

        Deliver(own);
        return true;
    }

    public bool TryReturnElsewhere(ulong handle) => false;

    public Span<byte> Content(ulong handle) => _contents.AsSpan((int)(uint)handle * ObjectBytes, ObjectBytes);

    public void Trim()
    {
        using (_latch.Hold())
            TakeOverEverybody();
    }

    public void End()
    {
        using (_latch.Hold())
        {
            if (HasEnded)
                return;
            Atomics.StoreRelease(ref _ended, 1);
            TakeOverEverybody();
        }
    }

    public long PagesLeft => _free.Count(slots => slots.Count < SlabSlots);

    public void Repair()
    {
        _everybody.Clear();
        _own?.Dispose();
        _own = new ThreadLocal<WrongOwner>(Register);
        Array.Clear(_owners);
        Array.ForEach(_free, static slots => slots.Clear());
        for (var slot = 0u; slot < IndexLimit; slot++)
        {
            _words[slot] = (uint)_words[slot] + 1;
            _free[slot / SlabSlots].Push(slot);
        }
    }

    public void Dispose() => _own.Dispose();

    private bool HasEnded => Atomics.LoadAcquire(ref _ended) != 0;

    private bool TryTake(WrongOwner own, out uint slot)
    {
        using (own.Section.Hold())
        {
            if (own.Free.TryPop(out slot))
                return true;
        }

        var hasEnded = _wrong == WrongStep.EndSeenEarly && HasEnded;
        using (_latch.Hold())
        {
            if (_wrong == WrongStep.EndSeenEarly ? hasEnded : HasEnded)
                return false;
            TakeIn(own);
            if (TryFindSlab(own, out var slab))
                return _free[slab].TryPop(out slot);
            TakeOverEverybody();
            return TryFindSlab(own, out slab) && _free[slab].TryPop(out slot);
        }
    }

    private bool TryFindSlab(WrongOwner own, out int slab)
    {
        for (slab = 0; slab < _owners.Length; slab++)
        {
            var owner = _owners[slab];
            if (_free[slab].Count == 0 || (owner is not null && owner != own))
                continue;
            if (owner is null)
                Atomics.StoreRelease(ref _owners[slab], own);
            return true;
        }

        return false;
    }

    private bool TryReturnOwn(WrongOwner own, ulong handle)
    {
        var isJudged = _wrong == WrongStep.JudgedOutside;
        if (isJudged && !IsOwn(own, handle))
            return false;
        using (own.Section.Hold())
        {
            if (!isJudged && !IsOwn(own, handle))
                return false;
            End(handle);
            own.Free.Push((uint)handle);
            return true;
        }
    }

    private bool IsOwn(WrongOwner own, ulong handle) => IsHeld(handle) && Atomics.LoadAcquire(ref OwnerOf(handle)) == own;

    private void Deliver(WrongOwner sender)
    {
        ulong[] sent;
        using (sender.Section.Hold())
        {
            sent = [.. sender.Outbox];
            sender.Outbox.Clear();
        }

        foreach (var handle in sent)
        {
            var found = _wrong == WrongStep.InboxOutlivesOwner ? Atomics.LoadAcquire(ref OwnerOf(handle)) : null;
            using (_latch.Hold())
                Deliver(handle, sender, found ?? Atomics.LoadAcquire(ref OwnerOf(handle)));
        }
    }

    private void Deliver(ulong handle, WrongOwner sender, WrongOwner? owner)
    {
        if (owner is null || owner == sender)
            EndOrTell(handle);
        else
            owner.Inbox.Add(handle);
    }

    private void TakeIn(WrongOwner owner)
    {
        owner.Inbox.ForEach(EndOrTell);
        owner.Inbox.Clear();
    }

    private void EndOrTell(ulong handle)
    {
        if (!IsHeld(handle))
        {
            _toldLater++;
            return;
        }

        End(handle);
        _free[(uint)handle / SlabSlots].Push((uint)handle);
    }

    private void TakeOverEverybody()
    {
        // Before: what a thread keeps that ends meanwhile is taken the next time.
        var ended = _everybody.FindAll(static owner => !owner.Thread.IsAlive);
        foreach (var owner in _everybody)
        {
            using (owner.Section.Hold())
                TakeOver(owner);
        }

        _everybody.RemoveAll(ended.Contains);
    }

    private void TakeOver(WrongOwner owner)
    {
        while (owner.Free.TryPop(out var slot))
            _free[slot / SlabSlots].Push(slot);
        owner.Outbox.ForEach(handle => Deliver(handle, owner, Atomics.LoadAcquire(ref OwnerOf(handle))));
        owner.Outbox.Clear();
        TakeIn(owner);
        for (var slab = 0; slab < _owners.Length; slab++)
        {
            if (_owners[slab] == owner)
                Atomics.StoreRelease(ref _owners[slab], null);
        }
    }

    private WrongOwner Register()
    {
        using (_latch.Hold())
        {
            _everybody.Add(new WrongOwner(Thread.CurrentThread));
            return _everybody[^1];
        }
    }

    private bool IsHeld(ulong handle) => Atomics.LoadAcquire(ref _words[(uint)handle]) == (Rented | (handle >> 32));

    private void End(ulong handle) => Atomics.StoreRelease(ref _words[(uint)handle], (handle >> 32) + 1);

    private ref WrongOwner? OwnerOf(ulong handle) => ref _owners[(uint)handle / SlabSlots];
}
