using FolioRuntime.Exploration.Engine;
using FolioRuntime.Lifetimes;

namespace FolioRuntime.Exploration.Scenarios;

/// <content>Returns that race: one of them is right.</content>
internal static partial class SlabScenarios
{
    private static IReadOnlyList<Scenario> Misuse =>
    [
        Of("slab-racing-returns", "Three return one rented object: one succeeds, two are reported.", [30], true, static () => RacingReturns(exclusive: false)),
        Of("slab-racing-returns-exclusive", "The same for an exclusive object.", [30], true, static () => RacingReturns(exclusive: true)),
        Of("slab-racing-returns-next-rents", "Two return one object while a third rents and returns: the next rents are untouched, and no slot is given twice.", [30], false, static () => ReturnsAgainstRents(exclusive: false)),
        Of("slab-racing-returns-next-rents-exclusive", "The same for exclusive objects.", [30], false, static () => ReturnsAgainstRents(exclusive: true)),
        Of("slab-racing-returns-against-holder", "Two return an object that a third has a reference on: it stays whole until that is put.", [30], true, static () =>
        {
            var scene = new PageScene().Committed();
            var handle = scene.Rent(scene.X);
            scene.Get(scene.X, handle);
            return scene.Play(
                [
                    () => scene.Return(scene.X, handle),
                    () => scene.Return(scene.X, handle),
                    () =>
                    {
                        scene.RequireWhole(scene.X, handle);
                        scene.Put(scene.X, handle);
                    },
                ],
                check: () => Requirement.Equal(scene.Returned, 1, "returns that succeeded"),
                expected: [ViolationKind.DoubleReturn],
                alike: [ViolationKind.DoubleReturn, ViolationKind.ForeignHandle]);
        }),
        Of("slab-return-through-other-cache", "A handle is returned to the wrong cache while its owner returns it to the right one: nothing happens there.", [21], true, static () =>
        {
            var scene = new PageScene().Committed();
            var handle = scene.Rent(scene.X);
            return scene.Play(
                [
                    () => scene.Return(scene.X, handle),
                    () => Requirement.That(!scene.Return(scene.Y, handle), "the other cache refuses it"),
                    () => scene.RentAndReturn(scene.Y),
                ],
                expected: [ViolationKind.ForeignHandle],
                alike: [ViolationKind.StaleReturn, ViolationKind.DoubleReturn, ViolationKind.ForeignHandle]);
        }) with { Weak = Reach.Preemptions(1) },
    ];

    private static Scene RacingReturns(bool exclusive)
    {
        var scene = new PageScene(exclusiveX: exclusive).Committed();
        var handle = scene.Rent(scene.X);
        void Return() => scene.Return(scene.X, handle);
        return scene.Play(
            [Return, Return, Return],
            check: () => Requirement.Equal(scene.Returned, 1, "returns that succeeded"),
            expected: [ViolationKind.DoubleReturn, ViolationKind.DoubleReturn],
            alike: [ViolationKind.DoubleReturn, ViolationKind.ForeignHandle]);
    }

    private static Scene ReturnsAgainstRents(bool exclusive)
    {
        var scene = new PageScene(slots: 2, exclusiveX: exclusive).Committed();
        var handle = scene.Rent(scene.X);
        void Return() => scene.Return(scene.X, handle);
        return scene.Play(
            [
                Return,
                Return,
                () =>
                {
                    var first = scene.Rent(scene.X);
                    if (scene.TryRent(scene.X, out var second))
                        Requirement.That(scene.Return(scene.X, second), "a later rent is untouched");
                    Requirement.That(scene.Return(scene.X, first), "a later rent is untouched");
                },
            ],
            expected: [ViolationKind.DoubleReturn],
            alike: [ViolationKind.DoubleReturn, ViolationKind.StaleReturn, ViolationKind.ForeignHandle]);
    }
}
