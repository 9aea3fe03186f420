using FolioRuntime.Exploration.Engine;
using FolioRuntime.Slabs;

namespace FolioRuntime.Exploration.Scenarios;

/// <content>Generations, memory and constructors at their end.</content>
internal static partial class SlabScenarios
{
    // With two bits and this first generation, every word issues one generation and retires.
    private const uint LastOfTwoBits = 2;

    private static IReadOnlyList<Scenario> Exhaustion =>
    [
        Of("slab-retire-lookup-release", "An object in its word's last generation ends under a look-up, and the other type asks for the page: the word is retired, the page goes on.", [9], true, static () =>
        {
            // The word's first life is over when the page has been committed; its second is its last.
            var scene = new PageScene(generationBits: 2, firstGeneration: LastOfTwoBits - 1).Committed();
            var handle = scene.Rent(scene.X);
            return scene.Play(
                [() => scene.Return(scene.X, handle), () => scene.LookUp(scene.X, handle), () => scene.RentAndReturn(scene.Y)],
                check: () => Requirement.Equal(scene.X.Statistics().RetiredEver, 1, "words of X that were retired"));
        }),
        Of("slab-retire-worn-slab", "Both slots of a slab retire while a third thread rents: it never gets a retired one, and the worn slab goes back.", [9], false, static () =>
        {
            var scene = new PageScene(pages: 2, slots: 2, generationBits: 2, firstGeneration: LastOfTwoBits).Committed();
            var first = scene.Rent(scene.X);
            var second = scene.Rent(scene.X);
            return scene.Play(
                [() => scene.Return(scene.X, first), () => scene.Return(scene.X, second), () => scene.RentAndReturn(scene.X)],
                check: () => Requirement.Equal(scene.X.Statistics().RetiredEver, 3, "words of X that were retired"));
        }),
        Of("slab-constructor-fails", "A constructor throws while another thread rents and returns: the slot is free again.", [20, 28], false, static () =>
        {
            var scene = new PageScene(slots: 2).Committed();
            scene.OfX.ConstructorsToFail = 1;
            void Rent()
            {
                try
                {
                    scene.RentAndReturn(scene.X);
                }
                catch (ConstructorFailedException)
                {
                    scene.ConstructorsFailed++;
                }
            }

            return scene.Play(
                [Rent, Rent],
                check: () => Requirement.Equal(scene.ConstructorsFailed, 1, "constructors that failed"));
        }),
        Of("slab-two-want-the-last-page", "Two types ask for the only page: one of them gets it, and neither loses it.", [18], false, static () =>
        {
            var scene = new PageScene().Committed();
            var rents = 0;
            void Want(SlabCache cache)
            {
                if (!scene.TryRent(cache, out var handle))
                    return;
                rents++;
                scene.Return(cache, handle);
            }

            return scene.Play([() => Want(scene.X), () => Want(scene.Y)], check: () => Requirement.That(rents >= 1, "L8: one of two gets the page"));
        }),
        Of("slab-reclaim-for-other-type", "The page has a slab whose only free object lies in a thread's stack: the other type gets it back, also while that thread rents and returns.", [18], false, static () =>
        {
            var scene = new PageScene(options: s_cached);
            return scene.Play(
                [() => scene.RentAndReturn(scene.X), () => scene.RentAndReturn(scene.Y)],
                preludes: [() => scene.RentAndReturn(scene.X)],
                check: () => scene.Return(scene.Y, scene.Rent(scene.Y)));
        }) with { Sequential = Reach.Preemptions(2) },
        Of("slab-reclaim-against-return", "Somebody asks for the page as the other type while its only object is returned and, by another, trimmed.", [18, 22], false, static () =>
        {
            var scene = new PageScene(options: s_cached);
            var handle = scene.Rent(scene.X);
            return scene.Play([() => scene.Return(scene.X, handle), () => scene.RentAndReturn(scene.Y), scene.X.Trim]);
        }) with { Sequential = Reach.Preemptions(2) },
    ];
}
