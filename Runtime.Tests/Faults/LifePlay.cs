using FolioRuntime.Integrations.ObjectPooling;
using FolioRuntime.Slabs;

namespace FolioRuntime.Tests.Faults;

/// <summary>
/// What a user does with objects whose constructors and destructors may throw: it meets the constructor's exception where it rents and
/// no other anywhere, keeps what it got, and gives all of it back.
/// </summary>
internal sealed class LifePlay(PoolRuntime pool, LivesUnderFault lives)
{
    private int _met;

    /// <summary>The plays by name.</summary>
    public static IReadOnlyDictionary<string, Action<LifePlay>> All { get; } = new Dictionary<string, Action<LifePlay>>
    {
        ["shared"] = play => play.OneByOne(SlabDiscipline.Shared),
        ["exclusive"] = play => play.OneByOne(SlabDiscipline.Exclusive),
        ["shared-bulk"] = play => play.Bulk(SlabDiscipline.Shared),
        ["exclusive-bulk"] = play => play.Bulk(SlabDiscipline.Exclusive),
        ["references"] = play => play.References(),
        ["ended-cache"] = play => play.EndedCache(),
        ["worn-slots"] = play => play.WornSlots(),
        ["object-pool"] = play => play.ObjectPool(),
    };

    /// <summary>Constructors' exceptions that came out of a rent.</summary>
    public int Met => _met;

    /// <summary>Resets of pooled objects that threw: their objects are dropped, and the exception is reported as a destructor's.</summary>
    public int ResetsFailed { get; private set; }

    /// <summary>Objects that the play left to the runtime's end.</summary>
    public int LeftToTheEnd { get; private set; }

    /// <summary>Refusals of memory are allowed: a fault of the system was injected too.</summary>
    public Func<bool> MayRefuse { get; init; } = () => false;

    private void OneByOne(SlabDiscipline discipline)
    {
        var cache = Cache(discipline, threadCache: 2);
        var handles = new List<SlabHandle<long>>();
        for (var i = 0; i < 10; i++)
        {
            if (i % 2 == 0 ? Rent(cache, out var handle) : TryRent(cache, out handle))
                handles.Add(handle);
            if (i % 3 != 2 || handles.Count == 0)
                continue;
            cache.Return(handles[0]);
            Expect.That(!cache.TryReturn(handles[0]), "what was returned can't be returned again, whatever its destructor did");
            handles.RemoveAt(0);
        }

        RequireDistinct(cache, handles);
        foreach (var handle in handles)
            Expect.That(cache.TryReturn(handle), "what was rented can be returned");
    }

    private void Bulk(SlabDiscipline discipline)
    {
        var cache = Cache(discipline, threadCache: 3);
        for (var round = 0; round < 2; round++)
        {
            var handles = new SlabHandle<long>[6];
            var before = lives.Alive;
            try
            {
                var rented = cache.TryRentMany(handles);
                Expect.That(rented == handles.Length || MayRefuse(), "there is room");
                RequireDistinct(cache, handles[..rented]);
                cache.ReturnMany(handles.AsSpan(0, rented));
            }
            catch (PlantedException)
            {
                _met++;
            }

            Expect.That(lives.Alive == before, "a bulk rent that fails has returned what it rented");
        }
    }

    private void References()
    {
        var cache = Cache(SlabDiscipline.Shared, threadCache: 0);
        for (var i = 0; i < 6; i++)
        {
            try
            {
                if (!cache.TryAllocate(out var reference))
                {
                    Expect.That(MayRefuse(), "there is room");
                    continue;
                }

                // The last put ends the object: the maker's, or that of one who looked it up.
                if (cache.TryGet(reference.Handle, out var second))
                    second.Dispose();
                var handle = reference.Handle;
                reference.Dispose();
                Expect.That(!cache.TryGet(handle, out _), "L3");
            }
            catch (PlantedException)
            {
                _met++;
            }
        }

        if (!TryRent(cache, out var rented))
            return;
        Expect.That(cache.TryGet(rented, out var held), "what was rented is alive");
        cache.Return(rented);
        Expect.That(held.Value != 0, "L2: it lives until the last put");
        held.Dispose();
    }

    private void EndedCache()
    {
        var cache = Cache(SlabDiscipline.Shared, threadCache: 2);
        var handles = new List<SlabHandle<long>>();
        for (var i = 0; i < 5; i++)
        {
            if (TryRent(cache, out var handle))
                handles.Add(handle);
        }

        LeftToTheEnd = handles.Count;
        cache.Dispose();
        foreach (var handle in handles)
            cache.Return(handle);
    }

    private void WornSlots()
    {
        // Slots whose generations end with this return retire instead of becoming free.
        var cache = Cache(SlabDiscipline.Exclusive, threadCache: 0);
        for (var i = 0; i < 20; i++)
        {
            if (TryRent(cache, out var handle))
                cache.Return(handle);
        }
    }

    private void ObjectPool()
    {
        var policy = new FaultyPolicy(lives);
        using var objects = pool.CreateObjectPool(policy, maximumRetained: 4);
        for (var round = 0; round < 2; round++)
        {
            var held = new List<FaultyItem>();
            for (var i = 0; i < 6; i++)
            {
                try
                {
                    held.Add(objects.Get());
                }
                catch (PlantedException)
                {
                    _met++;
                }
            }

            Expect.That(held.Distinct().Count() == held.Count, "each object is one user's");
            foreach (var item in held)
                objects.Return(item);
        }

        RequirePoolIsWhole(objects);
        ResetsFailed = policy.ResetsFailed;
    }

    private void RequirePoolIsWhole(SlabObjectPool<FaultyItem> objects)
    {
        var held = new List<FaultyItem>();
        while (held.Count < 4)
        {
            try
            {
                held.Add(objects.Get());
            }
            catch (PlantedException)
            {
                _met++;
            }
        }

        var unpooled = objects.UnpooledCount;
        Expect.That(MayRefuse() || objects.Cache.Statistics().ActiveObjects == 4, "the pool has all its slots");
        foreach (var item in held)
            objects.Return(item);
        Expect.That(objects.UnpooledCount == unpooled, "a return makes nothing");
    }

    private SlabCache<long> Cache(SlabDiscipline discipline, int threadCache) => pool.CreateCache(
        "lives",
        new SlabCacheOptions { Discipline = discipline, SlabOrder = 0, ThreadCacheCapacity = threadCache, ZeroOnFree = true },
        lives.Constructor,
        lives.Destructor);

    private bool Rent(SlabCache<long> cache, out SlabHandle<long> handle)
    {
        try
        {
            handle = cache.Rent();
            return true;
        }
        catch (PlantedException)
        {
            _met++;
        }
        catch (OutOfMemoryException)
        {
            Expect.That(MayRefuse(), "there is room");
        }

        handle = default;
        return false;
    }

    private bool TryRent(SlabCache<long> cache, out SlabHandle<long> handle)
    {
        try
        {
            var rented = cache.TryRent(out handle);
            Expect.That(rented || MayRefuse(), "there is room");
            return rented;
        }
        catch (PlantedException)
        {
            _met++;
            handle = default;
            return false;
        }
    }

    private static void RequireDistinct(SlabCache<long> cache, IReadOnlyCollection<SlabHandle<long>> handles) =>
        Expect.That(handles.Select(handle => cache.ValueOf(handle)).Where(life => life != 0).Distinct().Count() == handles.Count, "each object is one renter's, and constructed");
}
