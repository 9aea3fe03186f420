using FolioRuntime.Exploration.Engine;
using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>A runtime disposed while its folios are rented, held, read and freed: what is in use stays whole, all else is given back, nothing new is handed out.</summary>
internal static class FolioDisposeScenarios
{
    private const string Subject = "dispose";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("folio-dispose-against-rent", "A runtime is disposed while one rents and returns a folio and another looks up one that is out.", AgainstRent)
        {
            Subject = Subject,
            Invariants = ["L1", "L2", "L3", "L8"],
            Hazards = [19, 33],
        },
        new("folio-dispose-against-last-puts", "A runtime is disposed while the last two references of its only folio are put: the memory goes with the later of the two.", AgainstLastPuts)
        {
            Subject = Subject,
            Invariants = ["L1", "L2", "L8"],
            Hazards = [19],
        },
        new("folio-dispose-against-read", "A runtime is disposed while a folio is returned and read: a read is of the folio, or fails.", AgainstRead)
        {
            Subject = Subject,
            Invariants = ["L3", "L8"],
            Hazards = [17, 19],
        },
        new("folio-racing-disposes", "Two dispose a runtime while its folio is returned: what is out is reported at most once.", RacingDisposes)
        {
            Subject = Subject,
            Invariants = ["L1", "L8"],
            Hazards = [19],
        },
    ];

    private static Scene AgainstRent()
    {
        var scene = RuntimeScene.Create(frames: 4);
        var handle = scene.Rent();
        return scene.Play(
            () => RequireEnd(scene),
            scene.Runtime.Dispose,
            () => scene.RentLookReturn(),
            () =>
            {
                Requirement.Equal(scene.GetLookPut(handle), FolioOutcome.Done, "L2: what is out can still be got");
                Requirement.That(scene.Folios.TryReturn(handle), "what is out can still be returned");
            });
    }

    private static Scene AgainstLastPuts()
    {
        var scene = RuntimeScene.Create();
        var handle = scene.Referenced(2);
        return scene.Play(
            () => RequireEnd(scene),
            scene.Runtime.Dispose,
            () => scene.Folios.Put(handle),
            () =>
            {
                scene.Look(handle);
                scene.Folios.Put(handle);
            });
    }

    private static Scene AgainstRead()
    {
        var scene = RuntimeScene.Create();
        var handle = scene.Rent();
        return scene.Play(
            () => RequireEnd(scene),
            scene.Runtime.Dispose,
            () => scene.Folios.Return(handle),
            () =>
            {
                if (scene.Read(handle, out var value) == FolioOutcome.Done)
                    Requirement.Equal(value, FolioScene.StampOf(handle), "L3: a read is of the handle's own folio");
            });
    }

    private static Scene RacingDisposes()
    {
        var scene = RuntimeScene.Create();
        var handle = scene.Rent();
        return scene.Play(
            () => RequireEnd(scene),
            scene.Runtime.Dispose,
            scene.Runtime.Dispose,
            () => scene.Folios.Return(handle));
    }

    private static void RequireEnd(RuntimeScene scene)
    {
        Requirement.That(scene.Count(ViolationKind.OutstandingAtDispose) <= 1, "what is out is reported once");
        scene.RequireGivenBack();
        scene.RequireEnded();
    }
}
