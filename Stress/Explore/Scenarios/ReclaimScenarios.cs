using FolioRuntime.Exploration.Engine;
using FolioRuntime.Folios;
using FolioRuntime.Primitives;
using FolioRuntime.Reclaiming;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Memory that is short: who frees it, who is told, and what others do meanwhile.</summary>
internal static class ReclaimScenarios
{
    private const string Subject = "reclaim";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("shrinker-dispose-against-call", "A registration is disposed while two allocations ask its shrinker: none asks it afterwards, and the dispose waits for those that do.", DisposeAgainstCalls)
        {
            Subject = Subject,
            Hazards = [19],
        },
        new("shrinker-disposed-by-two", "Two dispose a registration while an allocation asks its shrinker: neither is done before that is.", DisposedByTwo)
        {
            Subject = Subject,
            Hazards = [19],
            Weak = Reach.Everything,
        },
        new("wake-against-look", "An allocation wakes the reclaimer while its timer fires and a look is under way: a look that begins after the wake-up is sure to come.", WakeAgainstLook)
        {
            Subject = Subject,
            Hazards = [36],
            Weak = Reach.Everything,
        },
        new("direct-reclaim-by-two", "Two allocations find nothing while a shrinker holds both folios: each gets one of them, and none is lost.", DirectReclaimByTwo)
        {
            Subject = Subject,
            Invariants = ["L1", "L3", "L8"],
            Hazards = [18],
            Sequential = Reach.Preemptions(1),
            MostSteps = 2000,
        },
    ];

    private static Scene DisposeAgainstCalls()
    {
        var scene = new ReclaimScene();
        return scene.Play(
            () => { },
            () => scene.Reclaimer.Shrinkers.ShrinkUntilFreed(0),
            () => scene.Reclaimer.Shrinkers.ShrinkUntilFreed(0),
            scene.DisposeShrinker);
    }

    private static Scene DisposedByTwo()
    {
        var scene = new ReclaimScene();
        return scene.Play(
            () => { },
            () => scene.Reclaimer.Shrinkers.ShrinkUntilFreed(0),
            scene.DisposeShrinker,
            scene.DisposeShrinker);
    }

    private static Scene WakeAgainstLook()
    {
        var scene = new ReclaimScene();
        var background = scene.InBackground();
        return scene.Play(
            Check,
            scene.Timer.Fire,
            background.Wake,
            () => scene.Timer.FireIfDue());

        void Check()
        {
            // Ends: what wakes is served by the next look, and nobody wakes any more.
            while (scene.Timer.FireIfDue())
            {
            }

            Requirement.Equal(background.WakeUps, 1, "wake-ups");
            Requirement.Equal(scene.Asked, ShrinkerList.FirstPriority + 1, "the reclaimer frees memory once for one wake-up, in as many rounds as it takes to find nothing");
        }
    }

    private static Scene DirectReclaimByTwo()
    {
        var scene = RuntimeScene.Create(frames: 2, maxOrder: 0);
        var holder = new HoldingShrinker(scene.Runtime.Folios);
        holder.TakeAll();
        scene.Runtime.RegisterShrinker("holder", holder);
        var rented = new FolioHandle[2];
        return scene.Play(
            () =>
            {
                scene.Runtime.Folios.Return(rented[0]);
                scene.Runtime.Folios.Return(rented[1]);
                holder.GiveAll();
                scene.RequireEnded();
            },
            () => Rent(0),
            () => Rent(1));

        void Rent(int thread) => Requirement.That(scene.Runtime.Folios.TryRent(new PageOrder(0), out rented[thread]), "what a shrinker holds is enough for both");
    }
}
