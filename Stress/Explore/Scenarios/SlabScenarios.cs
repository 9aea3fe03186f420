using FolioRuntime.Exploration.Engine;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Slabs that change hands under look-ups: a runtime of one page, and two types that can only have it in turn.</summary>
internal static partial class SlabScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("slab-put-lookup-retype", "The last reference is put, the handle looked up, and the page asked for by the other type: each object ends once, by its own type.", PutLookUpRetype)
        {
            Subject = "slab",
            Invariants = ["L1", "L2", "L3", "L4", "L8"],
            Hazards = [1, 3],
            Sequential = Reach.Everything with { MostExecutions = 30_000 },
        },
    ];

    private static Scene PutLookUpRetype()
    {
        var scene = new PageScene().Committed();
        var handle = scene.Allocate(scene.X);
        return Play(scene, [() => scene.Put(scene.X, handle), () => scene.LookUp(scene.X, handle), Retype]);

        void Retype()
        {
            if (scene.TryAllocate(scene.Y, out var other))
                scene.Put(scene.Y, other);
        }
    }

    private static Scene Play(PageScene scene, Action[] threads, Action?[]? preludes = null, Action? check = null) => new(threads)
    {
        Preludes = preludes ?? [],
        Check = check ?? (() => scene.RequireAllBack()),
        State = () => scene.State,
        Close = scene.Close,
        EndsMatter = true,
        Names = scene.Names,
    };
}
