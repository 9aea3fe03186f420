using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <summary>
/// What a cache with debug options paints into its slabs and checks there. A slot is painted as free or as rented under this object's latch, and
/// <see cref="SlabShadow.Rented"/> says which, so that a check of all slabs is exact while others rent and return.
/// <code>
///   slab made ─► painted free ─► TryBegin: checked, painted rented ─► owner ─► TryFindDamage: red zones checked ─► End: painted free ─► …
///                                                                                                    slab leaves: all checked
/// </code>
/// The latch is a leaf: the store calls under its own, the holder of a slot calls with none.
/// Linux: <c>alloc_debug_processing</c>, <c>free_debug_processing</c>, <c>validate_slab</c>.
/// </summary>
internal sealed unsafe class SlabDebug(SlabRegistry registry, SlabLayout layout, SlabDebugOptions options)
{
    private readonly Latch _latch = new();
    private readonly Dictionary<uint, SlabShadow> _slabs = [];

    public bool HasPoison { get; } = options.HasFlag(SlabDebugOptions.Poison);

    private bool HasConsistencyChecks { get; } = options.HasFlag(SlabDebugOptions.ConsistencyChecks);

    /// <summary>Paints the slots and the tail of a new slab that nobody can see yet, and starts its account.</summary>
    public void Add(uint head, uint firstIndex, SlotBitmap free)
    {
        var origin = registry.Pages.Arena.Address(new FrameNumber(head));
        for (var ordinal = 0; ordinal < layout.SlotCount; ordinal++)
            MemoryAt(origin + (nint)((long)ordinal * layout.StrideBytes)).PaintFree();
        if (HasPoison)
            TailAt(origin).Fill(SlotMemory.Uninitialized);
        using (_latch.Hold())
            _slabs[head] = new SlabShadow(firstIndex, free.Words);
    }

    /// <summary>The slab has left the cache.</summary>
    public void Remove(uint head)
    {
        using (_latch.Hold())
            _slabs.Remove(head);
    }

    public void Took(uint head, ReadOnlySpan<uint> slots)
    {
        using (_latch.Hold())
        {
            var shadow = _slabs[head];
            foreach (var slot in slots)
                shadow.Free.Unset(slot - shadow.FirstIndex);
        }
    }

    public void Gave(uint head, uint slot)
    {
        using (_latch.Hold())
            _slabs[head].Free.Set(slot - _slabs[head].FirstIndex);
    }

    /// <summary>Whether the slab's free list says something else than this object's account of it.</summary>
    public bool TryFindFreeListDamage(uint head, SlotBitmap free, out SlabDamage damage)
    {
        damage = default;
        if (!HasConsistencyChecks)
            return false;
        using (_latch.Hold())
        {
            var shadow = _slabs[head];
            if (free.Words.SequenceEqual(shadow.Free.Words))
                return false;

            // Ends: there is a difference; beyond the last slot only the whole can be blamed.
            var ordinal = 0u;
            while (ordinal < layout.SlotCount && free.IsSet(ordinal) == shadow.Free.IsSet(ordinal))
                ordinal++;
            damage = ordinal == layout.SlotCount
                ? new SlabDamage(shadow.FirstIndex, "the free list has bits beyond the last slot")
                : new SlabDamage(shadow.FirstIndex + ordinal, free.IsSet(ordinal) ? "the free list says that a slot in use is free" : "the free list says that a free slot is in use");
            return true;
        }
    }

    /// <summary>Adds what is wrong in a slab's memory and words, and hasn't been told yet: one entry a slot.</summary>
    public void FindAllDamage(uint head, List<SlabDamage> found)
    {
        using (_latch.Hold())
        {
            var shadow = _slabs[head];
            for (var ordinal = 0u; ordinal < layout.SlotCount; ordinal++)
            {
                var index = shadow.FirstIndex + ordinal;
                if (shadow.Reported.IsSet(ordinal) || !MemoryOf(index).TryFindDamage(index, shadow.Rented.IsSet(ordinal), out var damage))
                    continue;
                shadow.Reported.Set(ordinal);
                found.Add(damage);
            }

            var tail = TailAt(registry.Pages.Arena.Address(new FrameNumber(head))).IndexOfAnyExcept(SlotMemory.Uninitialized);
            if (HasPoison && tail >= 0)
                found.Add(new SlabDamage(shadow.FirstIndex + (uint)layout.SlotCount - 1, $"the slab's tail, behind the last slot, overwritten at offset {tail}"));
        }
    }

    /// <summary>Checks a free slot that the caller holds and paints it as rented. False: it must not be used.</summary>
    public bool TryBegin(uint index, out SlabDamage damage)
    {
        using (_latch.Hold())
        {
            var shadow = ShadowOf(index, out var ordinal);
            var word = Lifetime.Load(ref registry.Tables.SlotWord(index));
            if (HasConsistencyChecks && (word.IsLive || word.IsOwned || registry.Generations.IsRetired(word)))
                damage = new SlabDamage(index, $"the lifetime word of a free slot is {word}");
            else if (!MemoryOf(index).TryFindDamage(index, rented: false, out damage))
            {
                MemoryOf(index).PaintRented();
                shadow.Rented.Set(ordinal);
                return true;
            }

            shadow.Reported.Set(ordinal);
            return false;
        }
    }

    /// <summary>Checks around an object whose life has just ended, for the caller who ends it.</summary>
    public bool TryFindDamage(uint index, out SlabDamage damage)
    {
        using (_latch.Hold())
        {
            var shadow = ShadowOf(index, out var ordinal);
            damage = default;
            if (shadow.Reported.IsSet(ordinal) || !MemoryOf(index).TryFindDamage(index, rented: true, out damage))
                return false;
            shadow.Reported.Set(ordinal);
            return true;
        }
    }

    /// <summary>Paints a slot as free, unless it shows damage that somebody may want to look at.</summary>
    public void End(uint index)
    {
        using (_latch.Hold())
        {
            var shadow = ShadowOf(index, out var ordinal);
            if (!shadow.Reported.IsSet(ordinal))
                MemoryOf(index).PaintFree();
            shadow.Rented.Unset(ordinal);
        }
    }

    private SlabShadow ShadowOf(uint index, out uint ordinal)
    {
        var shadow = _slabs[registry.Tables.Frame(index >> registry.Tables.SlotShift).SlabHead];
        ordinal = index - shadow.FirstIndex;
        return shadow;
    }

    private SlotMemory MemoryOf(uint index) => MemoryAt(
        registry.Tables.Frame(index >> registry.Tables.SlotShift).SlabOrigin + (nint)((long)index * layout.StrideBytes) - layout.ObjectOffsetBytes);

    // SAFETY: the address is that of a whole slot in a slab of this cache, which is mapped as long as the registry is reachable.
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "It is of this cache's layout.")]
    private SlotMemory MemoryAt(nint slot) => new(
        MemoryMarshal.CreateSpan(ref *(byte*)slot, layout.StrideBytes), layout.ObjectOffsetBytes, layout.SizeBytes, layout.HasRedZones, HasPoison);

    // SAFETY: as above; it ends where the slab's last frame does.
    private Span<byte> TailAt(nint slab)
    {
        var slots = (long)layout.SlotCount * layout.StrideBytes;
        return new Span<byte>((void*)(slab + (nint)slots), (int)(layout.SlabBytes - slots));
    }
}
