extern alias instrumented;

using instrumented::FolioRuntime.Folios;
using instrumented::FolioRuntime.Primitives;
using instrumented::FolioRuntime.Slabs;
using Microsoft.Extensions.ObjectPool;

namespace FolioRuntime.Tests.Faults;

/// <summary>What a victim was doing, and the most that can be lost with it: what its hand can hold at one point.</summary>
/// <param name="Name">Name in messages.</param>
/// <param name="Discipline">Of the scene's cache.</param>
/// <param name="MostObjects">Most objects lost at any point outside a latch.</param>
/// <param name="MostFrames">Most frames lost at any point outside a latch.</param>
/// <param name="Prepare">What others have done before, on another thread; makes the victim's action.</param>
internal sealed record EndingPlay(string Name, SlabDiscipline Discipline, int MostObjects, int MostFrames, Func<EndingScene, Action> Prepare)
{
    // Half of a thread's four, and one: what a refill or a flush moves at a time.
    private const int SlotBatch = 3;

    // The same for the thread caches of 26 and of 60 that pools of blocks of 1 KiB and of objects have.
    private const int BatchOfBlocks = 14;
    private const int BatchOfTickets = 31;

    // What moves between a thread's list of frames and the buddy system at a time.
    private const int FrameBatch = 16;

    public static IReadOnlyList<EndingPlay> All { get; } =
    [
        new("rent-return, shared", SlabDiscipline.Shared, SlotBatch, FrameBatch, scene => () => RentAndReturn(scene)),
        new("rent-return, exclusive", SlabDiscipline.Exclusive, SlotBatch, FrameBatch, scene => () => RentAndReturn(scene)),
        new("bulk", SlabDiscipline.Shared, SlotBatch + 8, FrameBatch, scene => () => Bulk(scene)),
        new("get-put", SlabDiscipline.Shared, SlotBatch, FrameBatch, scene => () => GetAndPut(scene)),
        new("single frames", SlabDiscipline.Shared, 0, FrameBatch, scene => () => Folios(scene, order: 0, count: 7)),
        new("folios", SlabDiscipline.Shared, 0, 4, scene => () => Folios(scene, order: 2, count: 2)),
        new("split", SlabDiscipline.Shared, 0, 8, scene => () => Split(scene)),
        new("trim", SlabDiscipline.Shared, 0, 0, scene =>
        {
            Churn(scene);
            return () => scene.Runtime.Trim();
        }),
        new("memory pool", SlabDiscipline.Shared, BatchOfBlocks, FrameBatch, MemoryPool),
        new("object pool", SlabDiscipline.Shared, BatchOfTickets, FrameBatch, ObjectPool),
        new("end of a cache", SlabDiscipline.Shared, 30, 0, EndOfCache),
    ];

    public override string ToString() => Name;

    private static void RentAndReturn(EndingScene scene)
    {
        var handles = new List<SlabHandle<long>>();
        for (var i = 0; i < 7; i++)
            handles.Add(scene.Rent());
        for (var i = handles.Count - 1; i >= 0; i--)
        {
            scene.Cache.Return(handles[i]);
            scene.GaveBack();
        }
    }

    private static void Bulk(EndingScene scene)
    {
        var handles = new SlabHandle<long>[8];
        for (var i = 0; i < handles.Length; i++)
        {
            var place = i;
            scene.Given(0, () => scene.Cache.TryReturn(handles[place]));
        }

        scene.Cache.TryRentMany(handles);
        scene.Cache.ReturnMany(handles);
    }

    private static void GetAndPut(EndingScene scene)
    {
        for (var i = 0; i < 2; i++)
        {
            var made = scene.Cache.Allocate();
            if (scene.Cache.TryGet(made.Handle, out var second))
                second.Dispose();
            made.Dispose();
            Expect.That(!scene.Cache.TryGet(made.Handle, out _), "L3");
        }

        if (scene.Cache.TryGet(scene.Bystanders[0], out var bystander))
            bystander.Dispose();
    }

    private static void Folios(EndingScene scene, int order, int count)
    {
        var folios = Enumerable.Range(0, count).Select(_ => scene.RentFolio(order)).ToArray();
        foreach (var folio in folios.Reverse())
        {
            if (scene.Runtime.Folios.TryGet(folio, out var reference))
                reference.Dispose();
            scene.Runtime.Folios.Return(folio);
            scene.GaveBack();
        }
    }

    private static void Split(EndingScene scene)
    {
        var whole = scene.Runtime.Folios.Allocate(new PageOrder(3));
        if (!whole.TryFreeze(out var frozen))
            throw new InvalidOperationException("nobody else holds it");
        var parts = new FolioHandle[4];
        for (var i = 0; i < parts.Length; i++)
        {
            var place = i;
            scene.Given(0, () => parts[place].IsValid && scene.Runtime.Folios.TryReturn(parts[place]));
        }

        frozen.Split(new PageOrder(1), parts);
        foreach (var part in parts)
            scene.Runtime.Folios.Return(part);
    }

    private static void Churn(EndingScene scene)
    {
        var handles = new SlabHandle<long>[60];
        scene.Cache.TryRentMany(handles);
        scene.Cache.ReturnMany(handles);
        var folios = Enumerable.Range(0, 6).Select(order => scene.Runtime.Folios.Rent(new PageOrder(order % 3))).ToArray();
        foreach (var folio in folios)
            scene.Runtime.Folios.Return(folio);
    }

    private static Action MemoryPool(EndingScene scene)
    {
        var blocks = scene.Runtime.CreateMemoryPool(1024);
        return () =>
        {
            for (var i = 0; i < 3; i++)
            {
                var owner = blocks.Rent();
                scene.Given(0, () =>
                {
                    owner.Dispose();
                    return true;
                });
                using (owner.Memory.Pin())
                    owner.Memory.Span.Fill(1);
                owner.Dispose();
                scene.GaveBack();
            }
        };
    }

    private static Action ObjectPool(EndingScene scene)
    {
        var objects = scene.Runtime.CreateObjectPool(new KeepingPolicy(scene), 8);
        return () =>
        {
            for (var i = 0; i < 3; i++)
            {
                var first = objects.Get();
                objects.Return(first);
            }
        };
    }

    private static Action EndOfCache(EndingScene scene)
    {
        // What the cache keeps is in the hand of whoever ends it.
        var ended = scene.Runtime.CreateByteCache("ended", 200, new SlabCacheOptions { SlabOrder = 0, ThreadCacheCapacity = 30 });
        var handles = new SlabHandle[30];
        ended.TryRentMany(handles);
        ended.ReturnMany(handles);
        return ended.Dispose;
    }

    /// <summary>Objects that the scene keeps: one that is garbage would be taken back whenever a collection comes, so that what is lost would change between two counts.</summary>
    private sealed class KeepingPolicy(EndingScene scene) : DefaultPooledObjectPolicy<List<int>>
    {
        public override List<int> Create() => scene.Keep(base.Create());
    }
}
