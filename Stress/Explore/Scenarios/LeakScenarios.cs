using FolioRuntime.Exploration.Engine;
using FolioRuntime.Slabs;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Who rented what is out, asked while it changes.</summary>
internal static class LeakScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Of("leak-look-against-rents", "Somebody looks for leaks while an object is rented, returned and rented again: what is out in the end is remembered, and what was returned is not told.", static () =>
        {
            var scene = new LeakScene();
            SlabHandle kept = default;
            return scene.Play(
                [
                    () =>
                    {
                        scene.Return(scene.Rent());
                        kept = scene.Rent();
                    },
                    scene.Look,
                ],
                () => [kept]);
        }),
        Of("leak-two-renters-and-a-look", "Two rent, one returns, and somebody looks for leaks meanwhile.", static () =>
        {
            var scene = new LeakScene();
            SlabHandle kept = default;
            return scene.Play([() => kept = scene.Rent(), () => scene.Return(scene.Rent()), scene.Look], () => [kept]);
        }) with { Sequential = Reach.Preemptions(2) },
    ];

    private static Scenario Of(string name, string about, Func<Scene> make) => new(name, about, make)
    {
        Subject = "leaks",
        Invariants = ["L5"],
    };
}
