using FolioRuntime.Folios;
using FolioRuntime.Primitives;
using FolioRuntime.Reclaiming;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Holds folios until it is asked for some of them.</summary>
internal sealed class HoldingShrinker(FolioAllocator folios) : IShrinker
{
    private readonly Latch _latch = new();
    private readonly Stack<FolioHandle> _held = new();

    /// <summary>Takes all there are, for a scene that is being set.</summary>
    public void TakeAll()
    {
        while (folios.TryRent(new PageOrder(0), out var folio))
            _held.Push(folio);
    }

    public void GiveAll() => Scan(long.MaxValue);

    public long Count()
    {
        using (_latch.Hold())
            return _held.Count;
    }

    public long Scan(long count)
    {
        long freed = 0;
        for (; freed < count && TryTake(out var folio); freed++)
            folios.Return(folio);
        return freed;
    }

    private bool TryTake(out FolioHandle folio)
    {
        using (_latch.Hold())
            return _held.TryPop(out folio);
    }
}
