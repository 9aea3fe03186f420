using FolioRuntime.Slabs;

namespace FolioRuntime.Race.Forging;

/// <summary>A slab cache. Its destructor, run by whoever lets go last, ends the object in the book.</summary>
internal sealed class SlabTarget : ForgeTarget
{
    private readonly SlabCache _cache;

    public SlabTarget(PoolRuntime pool, IssueBook book, int number, int sizeBytes, SlabDiscipline discipline)
        : base(number, book)
    {
        // Small slabs and no empty ones kept: slots and pages go from cache to cache.
        var options = new SlabCacheOptions { Discipline = discipline, SlabOrder = 0, ThreadCacheCapacity = 8, EmptySlabsKept = 0 };
        _cache = pool.CreateByteCache($"target-{number}", sizeBytes, options, destructor: OnDestroyed);
        IndexLimit = pool.Pages.Frames.FrameCount << pool.Pages.Frames.SlotShift;
    }

    public override bool IsShared => _cache.Discipline == SlabDiscipline.Shared;

    public override uint IndexLimit { get; }

    public override bool TryRent(out ulong handle)
    {
        var rented = _cache.TryRent(out var slot);
        handle = slot.ToUInt64();
        if (!rented)
            return false;
        Stamp.Write(_cache.BytesOf(slot), handle, Number);
        Book.Issue(handle, Number);
        Board.Post(handle);
        return true;
    }

    public override void Return(ulong handle)
    {
        var slot = new SlabHandle(handle);
        try
        {
            if (!Stamp.IsIntact(_cache.BytesOf(slot), handle, Number))
                Damage();
        }
        catch (InvalidOperationException)
        {
            Damage();
        }

        if (!_cache.TryReturn(slot))
            Damage();
    }

    public override Answer TryGet(ulong handle)
    {
        if (!_cache.TryGet(new SlabHandle(handle), out var reference))
            return Refused(handle);
        using (reference)
            return Held(handle, reference.Bytes);
    }

    public override Answer TryRead(ulong handle) => TryGet(handle);

    public override bool TryReturn(ulong handle) => _cache.TryReturn(new SlabHandle(handle));

    public override bool TryUse(ulong handle)
    {
        try
        {
            _ = _cache.BytesOf(new SlabHandle(handle));
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private void OnDestroyed(Span<byte> bytes)
    {
        var handle = Stamp.HandleIn(bytes);
        if (!Stamp.IsIntact(bytes, handle, Number) || !Book.TryEnd(handle, Number))
            Damage();
    }
}
