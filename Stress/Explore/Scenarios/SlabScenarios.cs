using FolioRuntime.Exploration.Engine;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// Slabs that change hands under look-ups: a runtime of one page, two types that can only have it in turn, and nothing in front of the slabs, so that
/// every return empties a slab and every rent makes one.
/// </summary>
internal static partial class SlabScenarios
{
    public static IReadOnlyList<Scenario> All { get; } = [.. Retyping, .. Misuse, .. Exhaustion, .. ThreadCaches, .. Depots, .. Discards];

    private static IReadOnlyList<Scenario> Retyping =>
    [
        Of("slab-put-lookup-retype", "The last reference is put, the handle looked up, and the page asked for by the other type: each object ends once, by its own type.", [1, 3, 14], true, static () =>
        {
            var scene = new PageScene().Committed();
            var handle = scene.Allocate(scene.X);
            return scene.Play([() => scene.Put(scene.X, handle), () => scene.LookUp(scene.X, handle), () => scene.AllocateAndPut(scene.Y)]);
        }),
        Of("slab-put-two-lookups-retype", "As before with two look-ups, which may hold the object between them.", [1, 2, 3], false, static () =>
        {
            var scene = new PageScene().Committed();
            var handle = scene.Allocate(scene.X);
            return scene.Play(
            [
                () => scene.Put(scene.X, handle),
                () => scene.LookUp(scene.X, handle),
                () => scene.LookUp(scene.X, handle),
                () => scene.AllocateAndPut(scene.Y),
            ]);
        }),
        Of("slab-return-lookup-retype", "The owner returns, the handle is looked up, and the other type asks for the page.", [3, 14, 17], false, static () =>
        {
            var scene = new PageScene().Committed();
            var handle = scene.Rent(scene.X);
            return scene.Play(
                [() => scene.Return(scene.X, handle), () => scene.LookUp(scene.X, handle), () => scene.RentAndReturn(scene.Y)],
                check: () => Requirement.That(scene.Returned >= 1, "the owner's return succeeds"));
        }),
        Of("slab-release-lookup-same-type", "As before, but the same type makes its next slab there: the old handle never leads to the new object.", [3, 15], false, static () =>
        {
            var scene = new PageScene().Committed();
            var handle = scene.Rent(scene.X);
            return scene.Play([() => scene.Return(scene.X, handle), () => scene.LookUp(scene.X, handle), () => scene.RentAndReturn(scene.X)]);
        }),
        Of("slab-stale-lookup-holds-stranger", "A look-up by a handle of the page's last type holds the present object when its last holder leaves: it destroys it, by the object's own type.", [3, 4], true, static () =>
        {
            var scene = new PageScene().Committed();
            var stale = scene.Allocate(scene.X);
            scene.Put(scene.X, stale);
            var present = scene.Allocate(scene.Y);
            return scene.Play([() => scene.Put(scene.Y, present), NeverFound(scene, scene.X, stale), NeverFound(scene, scene.X, stale)]);
        }),
        Of("slab-stale-lookup-against-return", "The same with a rented object: its return succeeds, also when the look-up is the last to leave.", [3, 4], true, static () =>
        {
            var scene = new PageScene().Committed();
            var stale = scene.Rent(scene.X);
            scene.Return(scene.X, stale);
            var present = scene.Rent(scene.Y);
            return scene.Play(
                [() => scene.Return(scene.Y, present), NeverFound(scene, scene.X, stale), NeverFound(scene, scene.Y, stale)],
                check: () => Requirement.Equal(scene.Returned, 2, "returns that succeeded"));
        }),
        Of("slab-lookup-through-other-cache", "A good handle is looked up through the other type's cache: it is refused, and the reference taken for a moment is put by the object's own type.", [4, 21], true, static () =>
        {
            var scene = new PageScene().Committed();
            var handle = scene.Allocate(scene.X);
            return scene.Play([() => scene.Put(scene.X, handle), NeverFound(scene, scene.Y, handle), () => scene.AllocateAndPut(scene.Y)]);
        }),
        Of("slab-stale-lookup-while-made", "Handles of the page's last type and of the object to come are looked up while a slab and its object are made: nobody sees it unfinished.", [6, 12, 13], true, static () =>
        {
            var scene = new PageScene().Committed();
            var stale = scene.Rent(scene.X);
            scene.Return(scene.X, stale);
            return scene.Play([() => scene.AllocateAndPut(scene.Y), () => scene.LookUp(scene.Y, Next(stale)), NeverFound(scene, scene.X, stale)]);
        }),
        Of("slab-identity-under-reference", "The page changes from X to Y, whose object's handle is looked up through X meanwhile: whose the page is must be asked while the object is held.", [14], true, static () =>
        {
            var scene = new PageScene().Committed();
            var handle = scene.Rent(scene.X);
            return scene.Play([() => ChangePage(scene, handle), NeverFound(scene, scene.X, Next(handle))]);
        }),
        Of("slab-identity-under-two-lookups", "As above, and the object is looked up through Y too, which finds it.", [14], false, static () =>
        {
            var scene = new PageScene().Committed();
            var handle = scene.Rent(scene.X);
            return scene.Play([() => ChangePage(scene, handle), NeverFound(scene, scene.X, Next(handle)), () => scene.LookUp(scene.Y, Next(handle))]);
        }),
        Of("slab-handle-passed-on", "An object is rented and its handle stored where another finds it: whoever finds the handle finds the finished object.", [13], true, static () =>
        {
            var scene = new PageScene().Committed();
            var posted = scene.Mailbox;
            return scene.Play(
            [
                () =>
                {
                    var handle = scene.Rent(scene.X);
                    Atomics.StoreRelease(ref posted.Value, handle.ToUInt64());
                    scene.Return(scene.X, handle);
                },
                () =>
                {
                    if (Atomics.LoadAcquire(ref posted.Value) is var found and not 0)
                        scene.LookUp(scene.X, new SlabHandle(found));
                },
                () =>
                {
                    if (Atomics.LoadAcquire(ref posted.Value) is var found and not 0)
                        Requirement.That(!scene.LookUp(scene.Y, new SlabHandle(found)), "the other cache refuses it");
                },
            ]);
        }),
        Of("slab-stale-lookups-of-exclusive", "Handles of the page's earlier, shared object are looked up while exclusive ones come and go: they touch nothing.", [3, 6], true, static () =>
        {
            var scene = new PageScene(exclusiveX: true).Committed();
            var stale = scene.Rent(scene.Y);
            scene.Return(scene.Y, stale);
            return scene.Play(
                [() => scene.RentAndReturn(scene.X), NeverFound(scene, scene.Y, stale), NeverFound(scene, scene.Y, Next(stale))],
                check: () => Requirement.Equal(scene.Returned, 2, "returns that succeeded"));
        }),
    ];

    /// <summary>The handle of the slot's next life.</summary>
    private static SlabHandle Next(SlabHandle handle) => new(handle.Index, handle.Generation + 1);

    /// <summary>Lets the only page go from X to Y, and Y's object come and go.</summary>
    private static void ChangePage(PageScene scene, SlabHandle ofX)
    {
        scene.Return(scene.X, ofX);
        scene.AllocateAndPut(scene.Y);
    }

    private static Action NeverFound(PageScene scene, SlabCache cache, SlabHandle handle) => () => Requirement.That(!scene.LookUp(cache, handle), "L3: what was freed, or is another's, is never found");

    private static Scenario Of(string name, string about, int[] hazards, bool weak, Func<Scene> make, string subject = "slab") => new(name, about, make)
    {
        Subject = subject,
        Invariants = ["L1", "L2", "L3", "L4", "L7", "L8"],
        Hazards = hazards,
        Weak = weak ? Reach.Everything : null,
    };
}
