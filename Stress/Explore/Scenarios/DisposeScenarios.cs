using FolioRuntime.Exploration.Engine;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// The end of caches and of the runtime against their use: nothing is lost, nothing enters what is closed, and a cache is forgotten only when no
/// object of it can exist.
/// </summary>
internal static class DisposeScenarios
{
    private static readonly SlabCacheOptions s_cached = new() { ThreadCacheCapacity = 1, EmptySlabsKept = 1 };

    private static readonly Reach s_bounded = Reach.Preemptions(2);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Of("dispose-cache-rent-return", "A cache is disposed while one thread rents and returns and another returns: a rent succeeds or says that the cache is disposed.", [19, 33], s_bounded, static () =>
        {
            var scene = new PageScene(slots: 2).Committed();
            var handle = scene.Rent(scene.X);
            return Play(scene, [() => Try(() => scene.RentAndReturn(scene.X)), () => scene.Return(scene.X, handle), scene.X.Dispose]);
        }),
        Of("dispose-cache-last-return-lookup", "A cache is disposed while its last object is returned and looked up: whoever ends it gives the slab back, and the cache is forgotten.", [19], s_bounded, static () =>
        {
            var scene = new PageScene().Committed();
            var handle = scene.Rent(scene.X);
            return Play(scene, [() => scene.Return(scene.X, handle), () => scene.LookUp(scene.X, handle), scene.X.Dispose]);
        }),
        Of("dispose-cache-lookup-through-other", "A cache is disposed while its object ends under a look-up through another cache, which must still find whose it is.", [4, 19], s_bounded, static () =>
        {
            var scene = new PageScene().Committed();
            var handle = scene.Allocate(scene.X);
            return Play(scene, [() => scene.Put(scene.X, handle), () => Requirement.That(!scene.LookUp(scene.Y, handle), "the other cache refuses it"), scene.X.Dispose]);
        }),
        Of("dispose-cache-grow", "A cache is disposed while a rent is making a slab, and the last object of the only other one comes back: nothing is added to what is closed.", [19, 33], s_bounded, static () =>
        {
            var scene = new PageScene(pages: 2).Committed();
            var last = scene.Rent(scene.X);
            return Play(
                scene,
                [
                    () => Try(() =>
                    {
                        var late = scene.Rent(scene.X);
                        Requirement.That(!scene.LookUp(scene.Y, late), "its cache is known as long as the object is out");
                        scene.Return(scene.X, late);
                    }),
                    scene.X.Dispose,
                    () => scene.Return(scene.X, last),
                ]);
        }),
        Of("dispose-cache-thread-cache", "A cache is disposed while a thread with a stack of free objects rents and returns: the stack is emptied and takes nothing more.", [19, 33], Reach.Everything, static () =>
        {
            var scene = new PageScene(slots: 2, options: s_cached);
            return Play(scene, [() => Try(() => scene.RentAndReturn(scene.X)), scene.X.Dispose], preludes: [() => scene.RentAndReturn(scene.X)]);
        }),
        Of("dispose-cache-remote-return", "A cache is disposed while a thread that has no stack yet returns an object, and another trims.", [19, 25, 33], s_bounded, static () =>
        {
            var scene = new PageScene(slots: 2, options: s_cached);
            var handle = default(SlabHandle);
            return Play(scene, [scene.X.Trim, () => scene.Return(scene.X, handle), scene.X.Dispose], preludes: [() => handle = scene.Rent(scene.X)]);
        }),
        Of("dispose-cache-twice", "Two dispose a cache while its object is returned: once is enough, and it is reported at most once.", [19], s_bounded, static () =>
        {
            var scene = new PageScene().Committed();
            var handle = scene.Rent(scene.X);
            return Play(scene, [() => scene.Return(scene.X, handle), scene.X.Dispose, scene.X.Dispose]);
        }),
        Of("dispose-cache-retire", "A cache is disposed while its last object ends in its word's last generation.", [9, 19], Reach.Everything, static () =>
        {
            var scene = new PageScene(generationBits: 2, firstGeneration: 2).Committed();
            var handle = scene.Rent(scene.X);
            return Play(scene, [() => scene.Return(scene.X, handle), scene.X.Dispose]);
        }),
        Of("dispose-runtime-create-cache", "The runtime is disposed while a cache is being made: it is disposed with it, or refused.", [19], s_bounded, static () =>
        {
            var scene = new PageScene().Committed();
            SlabCache? made = null;
            return Play(
                scene,
                [
                    () => Try(() =>
                    {
                        made = scene.Runtime.CreateByteCache("z", 4096);
                        made.Return(made.Rent());
                    }),
                    scene.Runtime.Dispose,
                ],
                () => Requirement.That(made is null || made.IsDisposed, "no cache outlives its runtime"));
        }),
        Of("dispose-runtime-rent-return", "The runtime is disposed while an object of one type is rented and returned, and one of the other type comes back.", [19, 33], s_bounded, static () =>
        {
            var scene = new PageScene(pages: 2).Committed();
            var handle = scene.Rent(scene.Y);
            return Play(scene, [() => Try(() => scene.RentAndReturn(scene.X)), () => scene.Return(scene.Y, handle), scene.Runtime.Dispose]);
        }),
        Of("dispose-runtime-objects-out", "The runtime is disposed with two objects out, which come back meanwhile: their pages go back with them.", [19], s_bounded, static () =>
        {
            var scene = new PageScene(pages: 2).Committed();
            var rented = scene.Rent(scene.X);
            var held = scene.Allocate(scene.Y);
            return Play(scene, [() => scene.Return(scene.X, rented), () => scene.Put(scene.Y, held), scene.Runtime.Dispose]);
        }),
        Of("dispose-runtime-trim", "The runtime is disposed while another trims it and a third returns.", [19, 33], s_bounded, static () =>
        {
            var scene = new PageScene(slots: 2, options: s_cached);
            var handle = default(SlabHandle);
            return Play(scene, [() => scene.Return(scene.X, handle), () => scene.Runtime.Trim(), scene.Runtime.Dispose], preludes: [() => handle = scene.Rent(scene.X)]);
        }),
        Of("dispose-runtime-twice", "Two dispose the runtime, and a third one of its caches.", [19], s_bounded, static () =>
        {
            var scene = new PageScene().Committed();
            return Play(scene, [scene.Runtime.Dispose, scene.Runtime.Dispose, scene.X.Dispose]);
        }),
    ];

    private static Scene Play(PageScene scene, Action[] threads, Action? check = null, Action?[]? preludes = null) => scene.Play(
        threads,
        preludes,
        () =>
        {
            check?.Invoke();
            scene.RequireForgotten();
        },
        atMost: ViolationKind.OutstandingAtDispose);

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (ObjectDisposedException)
        {
            // The other right answer.
        }
    }

    private static Scenario Of(string name, string about, int[] hazards, Reach reach, Func<Scene> make) => new(name, about, make)
    {
        Subject = "dispose",
        Invariants = ["L1", "L2", "L8"],
        Hazards = hazards,
        Sequential = reach,
    };
}
