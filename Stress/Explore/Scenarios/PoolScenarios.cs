using FolioRuntime.Exploration.Engine;
using FolioRuntime.Slabs;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>The pools that servers use: objects and blocks that are returned twice, pinned, or on their way when their pool ends.</summary>
internal static class PoolScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Of("object-pool-racing-returns", "Three return one object: one return counts, two are reported, and the object is given to one user next.", [30], static () =>
        {
            var scene = new ObjectPoolScene(retained: 2);
            ObjectPoolScene.Item item = null!;
            return scene.Play(
                [() => scene.PutAgain(item), () => scene.PutAgain(item), () => scene.PutAgain(item)],
                () =>
                {
                    item = scene.Get()!;
                    item.Users--;
                },
                doubleReturns: 2);
        }),
        Of("object-pool-dispose-return", "The pool is disposed while an object comes back: the object ends once, whoever finds it.", [33], static () =>
        {
            var scene = new ObjectPoolScene(retained: 2);
            ObjectPoolScene.Item? item = null;
            return scene.Play([() => scene.Put(item), scene.DisposePool], () => item = scene.Get());
        }),
        Of("object-pool-dispose-get", "The pool is disposed while an idle object is asked for: it is given out whole, or ends.", [33], static () =>
        {
            var scene = new ObjectPoolScene(retained: 2);
            return scene.Play([scene.GetAndPut, scene.DisposePool], scene.GetAndPut);
        }),
        Of("object-pool-dispose-return-get", "The pool is disposed while one object comes back and another thread asks for one.", [33], static () =>
        {
            var scene = new ObjectPoolScene(retained: 2);
            ObjectPoolScene.Item? item = null;
            return scene.Play([() => scene.Put(item), scene.DisposePool, scene.GetAndPut], () => item = scene.Get());
        }) with { Sequential = Reach.Preemptions(2) },
        Of("object-pool-disposed-by-two", "A bounded pool is disposed by two at once: its only object ends once, and its waiting calls are told once.", [19], static () =>
        {
            var scene = new ObjectPoolScene(retained: 1, isBounded: true);
            return scene.Play([scene.DisposePool, scene.DisposePool], scene.GetAndPut);
        }),
        Of("object-pool-gets", "Two threads get and return, and the only object that is retained lies in another's stack: one of them finds it, no object has two users, and what is too many ends.", [18], static () =>
        {
            var scene = new ObjectPoolScene(retained: 1);
            scene.GetAndPut();
            return scene.Play([scene.GetAndPut, scene.GetAndPut]);
        }),
        Of("object-pool-bounded", "A bounded pool's two objects lie behind another thread's slots, and one comes back while two threads ask: nobody makes a third, and none has two users.", [18], static () =>
        {
            var scene = new ObjectPoolScene(retained: 2, isBounded: true);
            ObjectPoolScene.Item? item = null;
            return scene.Play(
                [() => scene.Put(item), scene.GetAndPut, scene.GetAndPut],
                () =>
                {
                    item = scene.Get();
                    scene.GetAndPut();
                });
        }) with { Sequential = Reach.Preemptions(2) },
        Of("object-pool-trim-get", "The pool is trimmed while an idle object is asked for: it is given out whole, or ends, and its place is there for another.", [18], static () =>
        {
            var scene = new ObjectPoolScene(retained: 1);
            return scene.Play([scene.GetAndPut, scene.Trim], scene.GetAndPut);
        }),
        Of("object-pool-trim-return-get", "The pool is trimmed while one object comes back and another thread asks for one: nothing is lost, and nothing ends twice.", [18], static () =>
        {
            var scene = new ObjectPoolScene(retained: 2);
            ObjectPoolScene.Item? item = null;
            return scene.Play([() => scene.Put(item), scene.Trim, scene.GetAndPut], () => item = scene.Get());
        }) with { Sequential = Reach.Preemptions(2) },
        Of("object-pool-trim-bounded", "A bounded pool's only object is trimmed away while two ask for it: whoever has the place gets it or another, and there are never two.", [18], static () =>
        {
            var scene = new ObjectPoolScene(retained: 1, isBounded: true);
            return scene.Play([scene.GetAndPut, scene.GetAndPut, scene.Trim], scene.GetAndPut);
        }) with { Sequential = Reach.Preemptions(2) },
        Of("object-pool-stale-returns", "Two return one object by the handle of the same rent while another gets it: one return counts, and the next user's rent is its own.", [30], static () =>
        {
            var scene = new ObjectPoolScene(retained: 1);
            ObjectPoolScene.Item item = null!;
            var handle = default(SlabHandle);
            return scene.Play(
                [() => scene.PutAgain(item, handle), () => scene.PutAgain(item, handle), scene.GetAndPutByHandle],
                () =>
                {
                    item = scene.Get()!;
                    scene.Pool.TryGetHandle(item, out handle);
                    item.Users--;
                },
                doubleReturns: 1,
                accepted: 1);
        }) with { Sequential = Reach.Preemptions(2) },
        Of("facade-pool-gets", "Two threads get and return objects whose state is in slots: each finds its own state, zeros at first, whichever object and slot it gets.", [18], static () =>
        {
            var scene = new FacadePoolScene();
            return scene.Play([scene.GetAndPut, scene.GetAndPut], scene.GetAndPut, doubleReturns: 0);
        }) with { Sequential = Reach.Preemptions(1) },
        Of("facade-pool-double-return", "Two return one object whose state is in a slot: one takes the slot back, the other is reported, and the next user finds zeros.", [30], static () =>
        {
            var scene = new FacadePoolScene();
            FacadePoolScene.Facade facade = null!;
            return scene.Play(
                [() => scene.PutAgain(facade), () => scene.PutAgain(facade)],
                () =>
                {
                    facade = scene.Get();
                    facade.Users--;
                },
                doubleReturns: 1);
        }),
        Of("memory-pool-racing-disposes", "Three dispose one owner: the block goes back once, and two are reported.", [30], static () =>
        {
            var scene = new MemoryPoolScene(blocks: 1);
            var owner = scene.Pool.Rent();
            return scene.Play([owner.Dispose, owner.Dispose, owner.Dispose], doubleDisposes: 2);
        }),
        Of("memory-pool-late-dispose", "An owner is disposed a second time while another rents: the next renter's block is its own.", [30], static () =>
        {
            var scene = new MemoryPoolScene(blocks: 1);
            var owner = scene.Pool.Rent();
            return scene.Play([owner.Dispose, owner.Dispose, () => scene.RentAndDispose(2)], doubleDisposes: 1);
        }),
        Of("memory-pool-pin-dispose", "An owner is disposed while its memory is pinned, used and unpinned, and another rents: the block goes back after the last pin.", [30], static () =>
        {
            var scene = new MemoryPoolScene(blocks: 1);
            var owner = scene.Pool.Rent();
            var memory = owner.Memory;
            return scene.Play([() => UseIfAlive(memory), owner.Dispose, () => scene.RentAndDispose(2)]);
        }),
        Of("memory-pool-two-pins-dispose", "Two pin, use and unpin while an owner is disposed: whoever is last gives the block back, once.", [30], static () =>
        {
            var scene = new MemoryPoolScene(blocks: 1);
            var owner = scene.Pool.Rent();
            var memory = owner.Memory;
            return scene.Play([() => UseIfAlive(memory), () => UseIfAlive(memory), owner.Dispose]);
        }),
        Of("memory-pool-end", "The pool is disposed while an owner is disposed and another rents: every block goes back.", [19, 33], static () =>
        {
            var scene = new MemoryPoolScene(blocks: 2);
            var owner = scene.Pool.Rent();
            return scene.Play([owner.Dispose, scene.Pool.Dispose, () => scene.RentAndDispose(2)]);
        }) with { Sequential = Reach.Preemptions(2) },
    ];

    private static void UseIfAlive(Memory<byte> memory)
    {
        try
        {
            MemoryPoolScene.Use(memory, 1);
        }
        catch (ObjectDisposedException)
        {
            // The other right answer.
        }
    }

    private static Scenario Of(string name, string about, int[] hazards, Func<Scene> make) => new(name, about, make)
    {
        Subject = "pools",
        Invariants = ["L1", "L8"],
        Hazards = hazards,
    };
}
