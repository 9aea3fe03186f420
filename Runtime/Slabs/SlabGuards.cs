using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <summary>
/// The slots of one cache that have pages of their own, for a sample of its rents. What is written past the end faults at once; what lies between the
/// object and the start of its pages, or fills it up to its alignment, is red zone. A returned slot is inaccessible as a whole until it is rented again, the
/// oldest first. Linux: KFENCE.
/// <code>
///   |   guard   |      red zone      | object |   guard   |     rented: guards fault when touched
///   |   guard   |       f a u l t s           |   guard   |     returned
///     unit        whole units                   unit          the larger of a frame and a page of the system
/// </code>
/// The slot's word is one of its frames', so handles, look-ups and returns are as for any slot. Its frame names no slab
/// (<see cref="NoSlab"/>), which is how it is told apart.
/// </summary>
internal sealed unsafe class SlabGuards
{
    /// <summary>Stands in <see cref="PageFrame.SlabHead"/> of a guarded slot's frame.</summary>
    public const uint NoSlab = uint.MaxValue;

    private readonly Latch _latch = new();
    private readonly Dictionary<uint, GuardedSlot> _slots = [];
    private readonly Queue<GuardedSlot> _returned = [];
    private readonly SlabRegistry _registry;
    private readonly SlabLayout _layout;
    private readonly SlabCacheOptions _options;
    private readonly uint _cacheId;
    private readonly int _unitFrames;
    private readonly int _pagesFrames;
    private readonly int _objectOffsetBytes;
    private readonly int _mostBlockFrames;

    // Under the latch.
    private bool _closed;
    private int _limit;
    private int _reserved;
    private long _rented;

    public SlabGuards(SlabRegistry registry, uint cacheId, SlabLayout layout, SlabCacheOptions options)
    {
        _registry = registry;
        _cacheId = cacheId;
        _layout = layout;
        _options = options;
        _limit = options.GuardedObjectsLimit;
        var unitBytes = Math.Max(PageOrder.FrameBytes, registry.Pages.Arena.PageBytes);
        var objectBytes = SlabLayout.AlignUp(layout.SizeBytes, SlabLayout.AlignmentOf(layout.SizeBytes, options.AlignmentBytes));
        var pagesBytes = SlabLayout.AlignUp(objectBytes, unitBytes);
        _unitFrames = unitBytes >> PageOrder.FrameShift;
        _pagesFrames = pagesBytes >> PageOrder.FrameShift;
        _objectOffsetBytes = pagesBytes - objectBytes;
        _mostBlockFrames = 1 << registry.Pages.MaxOrder;
    }

    /// <summary>Guarded objects with users.</summary>
    public long Rented
    {
        get
        {
            using (_latch.Hold())
                return _rented;
        }
    }

    /// <summary>Closed, and no guarded object left: those withdrawn for damage don't count.</summary>
    public bool IsGone
    {
        get
        {
            using (_latch.Hold())
                return _closed && _rented == 0;
        }
    }

    private int BlockFrames => _unitFrames + _pagesFrames + _unitFrames;

    /// <summary>Whether a slot, which the caller holds, is one of the guarded ones.</summary>
    public bool IsGuarded(uint index) => _registry.Tables.Frame(index >> _registry.Tables.SlotShift).SlabHead == NoSlab;

    /// <summary>The guarded slot whose frame an index is of; null if there is none.</summary>
    public uint? NearestSlot(uint index)
    {
        using (_latch.Hold())
            return _slots.Values.FirstOrDefault(slot => slot.Index >> _registry.Tables.SlotShift == index >> _registry.Tables.SlotShift)?.Index;
    }

    /// <summary>If it is this rent's turn, a guarded slot, painted as rented. False: not this time, or there is none to be had.</summary>
    public bool TrySample(out uint index)
    {
        index = 0;
#pragma warning disable CA5394 // No secret: which rents are sampled need not be hard to guess.
        if (Random.Shared.Next(_options.GuardSampleInterval) != 0)
            return false;
#pragma warning restore CA5394
        using (_latch.Hold())
        {
            if (_closed)
                return false;
            if (_reserved >= _limit)
                return TryReuseUnsynchronized(out index);
            _reserved++;
        }

        // Made without the latch, which is held for no allocation of pages.
        if (TryMake(out var made) && TryAdd(made, out index))
            return true;
        using (_latch.Hold())
        {
            _reserved--;
            return !_closed && TryReuseUnsynchronized(out index);
        }
    }

    /// <summary>Checks the red zone of an object whose life has just ended.</summary>
    public bool TryFindDamage(uint index, out SlabDamage damage)
    {
        using (_latch.Hold())
            return TryFindDamageUnsynchronized(_slots[index], out damage);
    }

    /// <summary>Adds the damage around objects that are rented.</summary>
    public void FindAllDamage(List<SlabDamage> found)
    {
        using (_latch.Hold())
        {
            foreach (var slot in _slots.Values)
            {
                if (slot.IsRented && TryFindDamageUnsynchronized(slot, out var damage))
                    found.Add(damage);
            }
        }
    }

    /// <summary>Takes a slot back and makes it inaccessible; its word is dead.</summary>
    public void Give(uint index)
    {
        using (_latch.Hold())
        {
            var slot = _slots[index];
            slot.IsRented = false;
            _rented--;
            if (slot.IsWithdrawn)
                _ = TrySetAccess(slot, allowed: false);
            else if (_closed || _registry.Generations.IsRetired(Lifetime.Load(ref _registry.Tables.SlotWord(index))) || !TrySetAccess(slot, allowed: false))
                ReleaseUnsynchronized(slot);
            else
                _returned.Enqueue(slot);
        }
    }

    /// <summary>From now on nothing is sampled; what is free goes back to the pages.</summary>
    public void Close()
    {
        using (_latch.Hold())
        {
            _closed = true;
            while (_returned.TryDequeue(out var slot))
                ReleaseUnsynchronized(slot);
        }
    }

    private bool TryFindDamageUnsynchronized(GuardedSlot slot, out SlabDamage damage)
    {
        damage = default;
        if (slot.IsWithdrawn || !MemoryOf(slot).TryFindDamage(slot.Index, rented: true, out damage))
            return false;
        slot.IsWithdrawn = true;
        damage = damage with { What = damage.What + "; the slot, on pages of its own, is withdrawn" };
        return true;
    }

    private bool TryReuseUnsynchronized(out uint index)
    {
        index = 0;
        if (!_returned.TryDequeue(out var slot))
            return false;
        if (!TrySetAccess(slot, allowed: true))
        {
            _returned.Enqueue(slot);
            return false;
        }

        index = StartUnsynchronized(slot);
        return true;
    }

    private bool TryAdd(GuardedSlot made, out uint index)
    {
        using (_latch.Hold())
        {
            if (!_closed)
            {
                _slots.Add(made.Index, made);
                index = StartUnsynchronized(made);
                return true;
            }
        }

        index = 0;
        Release(made);
        return false;
    }

    private uint StartUnsynchronized(GuardedSlot slot)
    {
        slot.IsRented = true;
        _rented++;
        MemoryOf(slot).PaintRented();
        return slot.Index;
    }

    private void ReleaseUnsynchronized(GuardedSlot slot)
    {
        _slots.Remove(slot.Index);
        _reserved--;
        Release(slot);
    }

    private bool TryMake(out GuardedSlot slot)
    {
        slot = null!;
        if (BlockFrames > _mostBlockFrames || !_registry.Pages.TryAllocateExact(BlockFrames, FrameUses.Slab, out var block))
            return false;
        if (!TryFindWord(block, out var index))
        {
            _registry.Pages.SetAside(block, BlockFrames, FrameUses.Slab);
            return false;
        }

        _registry.Tables.PrepareSlots(block.Value, BlockFrames, index, slotCount: 1);
        _registry.Pages.Clear(block, BlockFrames);
        slot = new GuardedSlot(index, block, _registry.Pages.Arena.Address(block + _unitFrames));
        if (!TryGuard(slot))
        {
            GiveBack(slot);

            // No more of them: a system that refuses has too many mappings already.
            using (_latch.Hold())
                _limit = 0;
            return false;
        }

        ref var frame = ref _registry.Tables.Frame(index >> _registry.Tables.SlotShift);
        frame.SlabHead = NoSlab;
        frame.SlabOrigin = slot.Pages + _objectOffsetBytes - (nint)((long)index * _layout.StrideBytes);
        Atomics.StoreRelease(ref frame.SlabCacheId, _cacheId);
        return true;
    }

    private bool TryFindWord(FrameNumber block, out uint index)
    {
        index = block.Value << _registry.Tables.SlotShift;
        var end = (block + BlockFrames).Value << _registry.Tables.SlotShift;
        while (index < end && _registry.Generations.IsRetired(Lifetime.Load(ref _registry.Tables.SlotWord(index))))
            index++;
        return index < end;
    }

    private void Release(GuardedSlot slot)
    {
        ref var frame = ref _registry.Tables.Frame(slot.Index >> _registry.Tables.SlotShift);
        Atomics.StoreRelease(ref frame.SlabCacheId, 0);
        frame.SlabHead = 0;
        if (_registry.Generations.IsRetired(Lifetime.Load(ref _registry.Tables.SlotWord(slot.Index))))
            frame.RetiredSlotWords++;
        GiveBack(slot);
    }

    // Pages that the system won't make accessible again are lost rather than handed to somebody who would fault on them.
    private void GiveBack(GuardedSlot slot)
    {
        if (_registry.Pages.Arena.TrySetAccess(slot.Block, BlockFrames, allowed: true))
            _registry.Pages.FreeExact(slot.Block, BlockFrames);
    }

    private bool TryGuard(GuardedSlot slot)
    {
        var arena = _registry.Pages.Arena;
        return arena.TrySetAccess(slot.Block, _unitFrames, allowed: false)
            && arena.TrySetAccess(slot.Block + _unitFrames + _pagesFrames, _unitFrames, allowed: false);
    }

    private bool TrySetAccess(GuardedSlot slot, bool allowed) =>
        _registry.Pages.Arena.TrySetAccess(slot.Block + _unitFrames, _pagesFrames, allowed);

    // SAFETY: the pages between the guards, accessible while the slot is rented, and mapped as long as the registry is reachable.
    private SlotMemory MemoryOf(GuardedSlot slot) => new(
        new Span<byte>((void*)slot.Pages, _pagesFrames << PageOrder.FrameShift), _objectOffsetBytes, _layout.SizeBytes, zones: true, _options.Debug.HasFlag(SlabDebugOptions.Poison));
}
