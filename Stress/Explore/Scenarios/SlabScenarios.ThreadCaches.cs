using FolioRuntime.Exploration.Engine;
using FolioRuntime.Slabs;

namespace FolioRuntime.Exploration.Scenarios;

/// <content>With threads' stacks in front of the slabs: refill, flush, returns on another thread, ends of threads, trims.</content>
internal static partial class SlabScenarios
{
    private static readonly SlabCacheOptions s_cached = new() { ThreadCacheCapacity = 1, EmptySlabsKept = 0 };
    private static readonly SlabCacheOptions s_kept = new() { ThreadCacheCapacity = 2, EmptySlabsKept = 1 };

    private static IReadOnlyList<Scenario> ThreadCaches =>
    [
        Of("slab-remote-return-trim", "A thread returns what another rented, which rents on, while a third trims: each slot is in one place.", [25, 26], false, static () =>
        {
            var scene = new PageScene(slots: 2, options: s_cached);
            var handle = default(SlabHandle);
            var next = default(SlabHandle);
            return scene.Play(
                [() => next = scene.Rent(scene.X), () => scene.Return(scene.X, handle), scene.X.Trim],
                preludes: [() => handle = scene.Rent(scene.X)],
                check: () => scene.Return(scene.X, next));
        }, "thread caches"),
        Of("slab-remote-return-flush", "A thread returns two objects of another, more than its stack holds, while that one refills: the flush loses none.", [25, 26], false, static () =>
        {
            var scene = new PageScene(slots: 4, options: s_cached);
            SlabHandle[] handles = [default, default];
            return scene.Play(
                [
                    () => scene.RentAndReturn(scene.X),
                    () =>
                    {
                        foreach (var handle in handles)
                            scene.Return(scene.X, handle);
                    },
                ],
                preludes:
                [
                    () =>
                    {
                        handles[0] = scene.Rent(scene.X);
                        handles[1] = scene.Rent(scene.X);
                    },
                ]);
        }, "thread caches"),
        Of("slab-refill-against-trim", "A thread takes a batch for its stack while another trims: what doesn't fit any more goes back.", [26], false, static () =>
        {
            var scene = new PageScene(slots: 4, options: s_kept);
            return scene.Play([() => scene.RentAndReturn(scene.X), scene.X.Trim], preludes: [() => scene.RentAndReturn(scene.X)]);
        }, "thread caches"),
        Of("slab-first-rents-against-trim", "Two threads come for the first time, one to rent and return, one to return, while a third trims.", [26, 32], false, static () =>
        {
            var scene = new PageScene(slots: 4, options: s_kept);
            var handle = scene.Rent(scene.X);
            return scene.Play([() => scene.RentAndReturn(scene.X), () => scene.Return(scene.X, handle), scene.X.Trim]);
        }, "thread caches") with { Sequential = Reach.Preemptions(2) },
        Of("slab-end-of-a-thread", "A thread returns an object into its stack and ends, another asks for the only page as the other type, and a third for statistics.", [22], false, static () =>
        {
            var scene = new PageScene(options: s_cached);
            var handle = default(SlabHandle);
            return scene.Play(
                [() => scene.Return(scene.X, handle), () => scene.RentAndReturn(scene.Y), () => scene.X.Statistics()],
                preludes: [() => handle = scene.Rent(scene.X)]);
        }, "thread caches") with { Sequential = Reach.Preemptions(2) },
        Of("slab-lookup-cached-trim", "An object is returned into a thread's stack under a look-up, trimmed out of it, and its page taken by the other type.", [3, 22], false, static () =>
        {
            var scene = new PageScene(options: s_cached);
            var handle = default(SlabHandle);
            return scene.Play(
                [() => scene.Return(scene.X, handle), () => scene.LookUp(scene.X, handle), () => scene.RentAndReturn(scene.Y)],
                preludes: [() => handle = scene.Rent(scene.X)]);
        }, "thread caches"),
        Of("slab-kept-empty-slabs", "Two return the last objects of two slabs, of which one is kept, while a third has empty ones given back.", [18], false, static () =>
        {
            var scene = new PageScene(pages: 2, options: s_kept with { ThreadCacheCapacity = 0 });
            var first = scene.Rent(scene.X);
            var second = scene.Rent(scene.X);
            return scene.Play([() => scene.Return(scene.X, first), () => scene.Return(scene.X, second), scene.X.Store.ReleaseEmpty]);
        }, "thread caches"),
        Of("slab-valid-while-used", "Rents, a return on another thread, and a look over counts and lists: they agree at any time.", [29], false, static () =>
        {
            var scene = new PageScene(slots: 2, options: s_kept with { ThreadCacheCapacity = 0 });
            var handle = scene.Rent(scene.X);
            return scene.Play(
                [
                    () => scene.RentAndReturn(scene.X),
                    () => scene.Return(scene.X, handle),
                    () =>
                    {
                        Requirement.That(scene.X.Store.IsValid(), "the slabs' lists and counts agree");
                        var counts = scene.X.Store.Counts();
                        Requirement.That(counts.Out is >= 0 and <= 2 && counts.Free >= 0 && counts.Slots == 2 * counts.Slabs, "L8: slots free, out and in all");
                    },
                ]);
        }, "thread caches"),
    ];
}
