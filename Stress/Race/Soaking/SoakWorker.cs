using FolioRuntime.Folios;
using FolioRuntime.Harness;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Race.Soaking;

/// <summary>One thread that rents and returns objects of all caches, and folios of several orders, as hard as it can.</summary>
internal sealed class SoakWorker(PoolRuntime pool, SlabCache[] caches, ulong seed, int index)
{
    private const int Folios = 8;
    private const int LargestOrder = 2;
    private const int FolioEvery = 32;
    private const int StaleEvery = 4;

    private readonly FolioHandle[] _folios = new FolioHandle[Folios];
    private XorShift _random = new(seed, index);
    private SoakObjects[] _objects = [];

    public SoakTally Tally { get; } = new();

    public void Begin() => _objects = [.. caches.Select(cache => new SoakObjects(cache, Tally))];

    public void Turn()
    {
        if (_random.OnceIn(FolioEvery))
            ChangeFolio();
        var objects = _objects[_random.Below(_objects.Length)];
        objects.Change(ref _random);
        if (_random.OnceIn(StaleEvery))
            objects.TryStale(ref _random);
    }

    public void ReturnAll()
    {
        foreach (var objects in _objects)
            objects.ReturnAll();
        foreach (ref var folio in _folios.AsSpan())
            Return(ref folio);
    }

    private void ChangeFolio()
    {
        ref var folio = ref _folios[_random.Below(Folios)];
        if (folio.IsValid)
            Return(ref folio);
        else if (pool.Folios.TryRent(new PageOrder(_random.Below(LargestOrder + 1)), out folio))
            Tally.Operations++;
        else
            Tally.Refused++;
    }

    private void Return(ref FolioHandle folio)
    {
        if (!folio.IsValid)
            return;
        if (!pool.Folios.TryReturn(folio))
            Tally.Violations++;
        Tally.Operations++;
        folio = default;
    }
}
