using System.Buffers;
using FolioRuntime.Folios;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using Microsoft.Extensions.ObjectPool;

namespace FolioRuntime.Tests.Faults;

/// <summary>
/// What a user does with a runtime that may be refused memory at any moment: takes what can be had, in both the trying and the throwing
/// form, and gives back all of it. A refusal without a fault, a content that changed, or another exception than the documented one is found.
/// </summary>
/// <param name="pool">The runtime.</param>
/// <param name="mayRefuse">Whether a fault has been injected, so that there may be no memory.</param>
internal sealed class MemoryPlay(PoolRuntime pool, Func<bool> mayRefuse)
{
    /// <summary>The plays by name.</summary>
    public static IReadOnlyDictionary<string, Action<MemoryPlay>> All { get; } = new Dictionary<string, Action<MemoryPlay>>
    {
        ["folios"] = play => play.Folios(),
        ["split"] = play => play.Split(),
        ["freeze"] = play => play.Freeze(),
        ["shared-slabs"] = play => play.Slabs(SlabDiscipline.Shared),
        ["exclusive-slabs"] = play => play.Slabs(SlabDiscipline.Exclusive),
        ["bulk"] = play => play.Bulk(),
        ["object-pool"] = play => play.ObjectPool(),
        ["memory-pool"] = play => play.MemoryPool(),
        ["trim"] = play => play.TrimBetween(),
        ["mixture"] = play => play.Mixture(),
    };

    private void Folios()
    {
        var held = new List<(FolioHandle Handle, byte Mark)>();
        for (var order = 0; order <= pool.Folios.MaxOrder.Value; order++)
        {
            for (var i = 0; i < 5; i++)
            {
                var mark = (byte)((16 * order) + i + 1);
                if (i % 2 == 0 ? TryRentFolio(order, out var handle) : Granted(pool.Folios.TryRent(new PageOrder(order), out handle)))
                    held.Add((Marked(handle, mark), mark));
            }
        }

        foreach (var (handle, mark) in held)
        {
            RequireMark(handle, mark);
            pool.Folios.Return(handle);
        }

        if (Granted(pool.Folios.TryAllocate(new PageOrder(1), out var reference)))
            reference.Dispose();
    }

    private void Split()
    {
        for (var partOrder = 0; partOrder < 3; partOrder++)
        {
            if (!Granted(pool.Folios.TryAllocate(new PageOrder(3), out var whole)))
                continue;
            whole.Bytes.Fill(0x33);
            Expect.That(whole.TryFreeze(out var frozen), "nobody else holds it");
            var parts = new FolioHandle[8 >> partOrder];
            if (frozen.Split(new PageOrder(partOrder), parts) == FolioOutcome.Worn)
            {
                frozen.Free();
                continue;
            }

            foreach (var part in parts)
            {
                RequireMark(part, 0x33);
                pool.Folios.Return(part);
            }
        }
    }

    private void Freeze()
    {
        for (var order = 0; order < 4; order++)
        {
            if (!Granted(pool.Folios.TryAllocate(new PageOrder(order), out var folio)))
                continue;
            Expect.That(folio.TryFreeze(out var frozen), "nobody else holds it");
            frozen.Bytes.Fill(0x44);
            Expect.That(pool.Folios.Get(frozen.Handle, out _) == FolioOutcome.TryAgain, "a frozen folio says try again");
            if (order % 2 == 0)
            {
                frozen.Free();
                continue;
            }

            frozen.Unfreeze();
            RequireMark(folio.Handle, 0x44);
            folio.Dispose();
        }
    }

    private void Slabs(SlabDiscipline discipline)
    {
        using var small = pool.CreateCache<long>("small", new SlabCacheOptions { Discipline = discipline, SlabOrder = 0, ThreadCacheCapacity = 8 });
        using var large = pool.CreateByteCache("large", 20_000, new SlabCacheOptions { Discipline = discipline });
        var smalls = new List<SlabHandle<long>>();
        for (var i = 0; i < 1200; i++)
        {
            if (i % 2 == 0 ? Granted(small.TryRent(out var handle)) : Allowed(() => small.Rent(), out handle))
            {
                small.ValueOf(handle) = i;
                smalls.Add(handle);
            }
        }

        var larges = new List<SlabHandle>();
        for (var i = 0; i < 6; i++)
        {
            if (Granted(large.TryRent(out var handle)))
            {
                large.BytesOf(handle).Fill(0x5a);
                larges.Add(handle);
            }
        }

        Expect.That(smalls.Select(handle => small.ValueOf(handle)).Distinct().Count() == smalls.Count, "each object is one renter's");
        foreach (var handle in smalls)
            small.Return(handle);
        foreach (var handle in larges)
        {
            Expect.That(!large.BytesOf(handle).ContainsAnyExcept((byte)0x5a), "the object is as its renter left it");
            Expect.That(large.TryReturn(handle), "what was rented can be returned");
        }
    }

    private void Bulk()
    {
        using var cache = pool.CreateByteCache("bulk", 2000);
        var handles = new SlabHandle[100];
        var rented = cache.TryRentMany(handles);
        Granted(rented == handles.Length);
        Expect.That(handles.Take(rented).Distinct().Count() == rented, "each object is one renter's");
        cache.ReturnMany(handles.AsSpan(0, rented));
    }

    private void ObjectPool()
    {
        using var objects = pool.CreateObjectPool(new DefaultPooledObjectPolicy<List<int>>(), 64);
        var held = Enumerable.Range(0, 80).Select(_ => objects.Get()).ToArray();
        Expect.That(held.Distinct(ReferenceEqualityComparer.Instance).Count() == held.Length, "each object is one user's");
        Granted(objects.UnpooledCount == 16);
        foreach (var item in held)
            objects.Return(item);
    }

    private void MemoryPool()
    {
        using var blocks = pool.CreateMemoryPool();
        var owners = Enumerable.Range(0, 40).Select(_ => blocks.Rent()).ToArray();
        Granted(blocks.FallbackCount == 0);
        for (var i = 0; i < owners.Length; i++)
            owners[i].Memory.Span.Fill((byte)i);
        for (var i = 0; i < owners.Length; i++)
        {
            Expect.That(!owners[i].Memory.Span.ContainsAnyExcept((byte)i), "the block is as its renter left it");
            owners[i].Dispose();
        }
    }

    private void TrimBetween()
    {
        using var cache = pool.CreateByteCache("trimmed", 4096, new SlabCacheOptions { SlabOrder = 1 });
        for (var round = 0; round < 3; round++)
        {
            var handles = new SlabHandle[20];
            var rented = cache.TryRentMany(handles);
            Granted(rented == handles.Length);
            var folio = TryRentFolio(2, out var handle);
            cache.ReturnMany(handles.AsSpan(0, rented));
            pool.Trim();
            if (folio)
                pool.Folios.Return(handle);
            Expect.That(pool.Trim() >= 0, "a trim that the system refuses gives back nothing, and says so");
        }
    }

    private void Mixture()
    {
        Folios();
        Slabs(SlabDiscipline.Shared);
        MemoryPool();
        pool.Trim();
        Split();
        Bulk();
    }

    private bool TryRentFolio(int order, out FolioHandle handle) => Allowed(() => pool.Folios.Rent(new PageOrder(order)), out handle);

    private FolioHandle Marked(FolioHandle handle, byte mark)
    {
        Expect.That(pool.Folios.TryGet(handle, out var folio), "what was rented is alive");
        Expect.That(!folio.Bytes.ContainsAnyExcept((byte)0), "a folio is zeroed, whatever became of a discard");
        folio.Bytes.Fill(mark);
        folio.Dispose();
        return handle;
    }

    private void RequireMark(FolioHandle handle, byte mark)
    {
        Expect.That(pool.Folios.TryGet(handle, out var folio), "what was rented is alive");
        Expect.That(!folio.Bytes.ContainsAnyExcept(mark), "the folio is as its owner left it");
        folio.Dispose();
    }

    private bool Granted(bool granted)
    {
        Expect.That(granted || mayRefuse(), "there is room, and no fault was injected");
        return granted;
    }

    /// <summary>The throwing form: a refusal is an OutOfMemoryException that names the capacity.</summary>
    private bool Allowed<T>(Func<T> rent, out T? rented)
    {
        try
        {
            rented = rent();
            return true;
        }
        catch (OutOfMemoryException refusal)
        {
            Expect.That(refusal.Message.Contains("capacity", StringComparison.Ordinal), "the refusal says what there is");
            rented = default;
            return Granted(false);
        }
    }
}
