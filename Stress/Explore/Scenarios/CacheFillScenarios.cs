using FolioRuntime.Exploration.Engine;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>The record of a fill, which is used again for another page where nobody else has it.</summary>
internal static class CacheFillScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Of("cache-fills-in-turn", "One misses two pages, one after the other, while another misses the first: who waits for a fill is told of that one's end, whatever becomes of the record of it.", FillsInTurn, 2),
        Of("cache-fills-in-turn-against-invalidate", "One misses two pages, one after the other, while the first is dropped: that its fill may have been in vain is none of the second's business.", FillsInTurnAgainstInvalidate, 2),
    ];

    private static Scenario Of(string name, string about, Func<Scene> make, int preemptions) => new(name, about, make)
    {
        Subject = "page cache",
        Invariants = ["L1", "L2", "L3", "L8"],
        Sequential = Reach.Preemptions(preemptions),
        MostSteps = 3000,
    };

    private static Scene FillsInTurn()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2, pages: 2);
        var hasRead = new bool[2];
        return scene.Play(
            () =>
            {
                Requirement.That(hasRead[0] != hasRead[1], "C4: one of the two reads the first page");
                scene.Waited(0);
                scene.Waited(1);
                Requirement.That(scene.LookUp(scene.A, 0) && scene.LookUp(scene.A, 1), "both pages are there");
            },
            () =>
            {
                hasRead[0] = scene.LookUpOrFill(scene.A, 0, thread: 0);
                scene.LookUpOrFill(scene.A, 1, thread: 0);
            },
            () => hasRead[1] = scene.LookUpOrFill(scene.A, 0, thread: 1));
    }

    private static Scene FillsInTurnAgainstInvalidate()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2, pages: 2);
        return scene.Play(
            () => Requirement.That(scene.LookUp(scene.A, 1), "C4: only fills of pages that were dropped are in vain"),
            () =>
            {
                scene.LookUpOrFill(scene.A, 0, thread: 0);
                scene.LookUpOrFill(scene.A, 1, thread: 0);
            },
            () => scene.A.Invalidate(0, PageOrder.FrameBytes));
    }
}
