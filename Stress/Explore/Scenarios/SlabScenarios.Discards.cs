using FolioRuntime.Exploration.Engine;
using FolioRuntime.Slabs;

namespace FolioRuntime.Exploration.Scenarios;

/// <content>Slot words whose memory goes back to the system, and which so forget what they issued.</content>
internal static partial class SlabScenarios
{
    // The words of a frame are looked at one by one before their memory goes.
    private const int StepsOfADiscard = 2000;

    private static IReadOnlyList<Scenario> Discards =>
    [
        new("slab-words-discarded-under-lookups", "The words of a slab that is gone are discarded and the next slab is made there, while handles of the last object and of the next are looked up: no generation comes twice.", WordsDiscarded)
        {
            Subject = "slab",
            Invariants = ["L1", "L2", "L3", "L5", "L6", "L8"],
            MostSteps = StepsOfADiscard,
        },
        new("slab-words-discarded-against-put", "The last reference to an object is put, and its handle looked up, while a trim discards what it finds free and the next object is made.", WordsDiscardedAgainstPut)
        {
            Subject = "slab",
            Invariants = ["L1", "L2", "L3", "L5", "L8"],
            MostSteps = StepsOfADiscard,
        },
    ];

    private static Scene WordsDiscarded()
    {
        var scene = RuntimeScene.Create(withCache: true, tablesGoBack: true);
        var stale = scene.MakeAndDropObject();
        var next = new SlabHandle(stale.Index, stale.Generation + 1);
        return scene.Play(
            scene.RequireAllEnded,
            () =>
            {
                scene.Runtime.Trim();
                Requirement.Equal(scene.MakeAndDropObject(), next, "L5: what comes next is above what was issued, by one");
            },
            () => Requirement.That(!scene.LookUpObject(stale), "L3: what was freed is never found again"),
            () => scene.LookUpObject(next));
    }

    private static Scene WordsDiscardedAgainstPut()
    {
        var scene = RuntimeScene.Create(withCache: true, tablesGoBack: true);
        scene.Objects.TryAllocate(out var made);
        scene.ObjectsMade++;
        var (index, generation) = (made.Handle.Index, made.Handle.Generation);
        return scene.Play(
            scene.RequireAllEnded,
            () =>
            {
                scene.Objects.Put(index, generation);
                Requirement.That(!scene.LookUpObject(new SlabHandle(index, generation)), "L3: what was freed is never found again");
            },
            () =>
            {
                scene.Runtime.Trim();
                var next = scene.MakeAndDropObject();
                Requirement.That(next == default || next.Generation > generation, "L5: a generation is issued once");
            });
    }
}
