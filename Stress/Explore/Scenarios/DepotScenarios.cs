using FolioRuntime.Exploration.Engine;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>The depot through which threads exchange magazines: no item is lost or given twice, and nothing stays in a depot that is closed.</summary>
internal static class DepotScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Of("depot-stow-against-take", "A thread fills a magazine while another takes one: it gets all of what was put in, or nothing.", weak: true, hazards: [], static () =>
        {
            var scene = new DepotScene(magazines: 1, room: 2, full: 0, inHand: 2);
            return scene.Play(scene.Stow(1, 2), () => scene.Take());
        }),
        Of("magazine-recycled", "A thread stands before it takes the top magazine, while another takes it and the next, and puts a third and the first back: the top and their number are the same, what is below isn't.", weak: true, hazards: [24], static () =>
        {
            var scene = new MagazineScene(stacked: 2, inHand: 1);
            return scene.Play(
                () => scene.Pop(),
                () =>
                {
                    var first = scene.Pop();
                    scene.Pop();
                    scene.Push(2);
                    if (first >= 0)
                        scene.Push(first);
                });
        }),
        Of("depot-takes-and-stows", "Two threads exchange magazines, and each is on its way with one while the other is.", weak: true, hazards: [25], static () =>
        {
            var scene = new DepotScene(magazines: 2, room: 1, full: 1, inHand: 1);
            return scene.Play(scene.TakeAndStow, scene.Stow(2));
        }),
        Of("depot-drain-against-exchange", "One drains the depot while two exchange magazines.", weak: false, hazards: [], static () =>
        {
            var scene = new DepotScene(magazines: 1, room: 1, full: 1, inHand: 1);
            return scene.Play(() => scene.Take(), scene.Stow(2), scene.Drain);
        }),
        Of("depot-close-against-stow", "The depot is closed while a thread stows: one of the two finds the items.", weak: true, hazards: [33], static () =>
        {
            var scene = new DepotScene(magazines: 1, room: 2, full: 0, inHand: 2);
            return scene.Play(scene.Stow(1, 2), scene.Close);
        }),
        Of("depot-sink-fails", "What the items are given to fails: they stay in the depot.", weak: false, hazards: [28], static () =>
        {
            var scene = new DepotScene(magazines: 2, room: 1, full: 2, inHand: 0) { SinksToFail = 1 };
            return scene.Play(scene.Drain, () => scene.Take());
        }),
    ];

    private static Scenario Of(string name, string about, bool weak, int[] hazards, Func<Scene> make) => new(name, about, make)
    {
        Subject = "depot",
        Invariants = ["L8"],
        Hazards = hazards,
        Weak = weak ? Reach.Everything : null,
    };
}
