using FolioRuntime.Exploration.Engine;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// Threads' own stacks in front of a structure, with others that drain, close, register and end: no item is lost or given twice. The stacks are
/// what this runtime has where others have magazines.
/// </summary>
internal static class StackScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Of("stack-drain-against-owner", "A thread pops and pushes while another empties its stack.", weak: true, hazards: [27], static () =>
        {
            var scene = new StacksScene(items: 3, capacity: 2);
            return scene.Play([scene.TakeAndPut, scene.DrainAll], scene.Fill(1, 2));
        }),
        Of("stack-drains-against-owner", "Two others empty a thread's stack at the same time.", weak: false, hazards: [], static () =>
        {
            var scene = new StacksScene(items: 3, capacity: 2);
            return scene.Play([scene.TakeAndPut, scene.DrainAll, scene.DrainAll], scene.Fill(1, 2));
        }),
        Of("stack-refill-and-flush-against-drain", "A thread fills its stack in a batch and flushes its oldest items while another empties it.", weak: true, hazards: [], static () =>
        {
            var scene = new StacksScene(items: 4, capacity: 3);
            return scene.Play(
                [
                    () =>
                    {
                        scene.Refill(2);
                        scene.Flush(2);
                    },
                    scene.DrainAll,
                ],
                scene.Fill(1, 2));
        }),
        Of("stack-grows-against-drain", "A thread's stack grows, and takes what came too much for it before, while another empties it: nothing that went comes back, and nothing counts twice.", weak: true, hazards: [37], static () =>
        {
            var scene = new StacksScene(items: 3, capacity: 1, largestCapacity: 2);
            return scene.Play(
                [
                    () =>
                    {
                        scene.Grow(2);
                        scene.Refill(1);
                        scene.TakeAndPut();
                    },
                    scene.DrainAll,
                ],
                scene.Fill(1));
        }),
        Of("stack-totals-against-exchanges", "A thread refills, pops, pushes and flushes while another asks twice how much was popped and pushed: never more than was, and in the end exactly that.", weak: true, hazards: [], static () =>
        {
            var scene = new StacksScene(items: 3, capacity: 3);
            return scene.Play(
                [
                    () =>
                    {
                        scene.Refill(2);
                        scene.TakeAndPut();
                        scene.Flush(2);
                    },
                    () =>
                    {
                        scene.LookAtTotals();
                        scene.LookAtTotals();
                    },
                ],
                scene.Fill(1));
        }),
        Of("stack-remote-return-refill-flush", "What one thread took is put back by another, which has a stack of its own, while both stacks are emptied.", weak: false, hazards: [25, 26], static () =>
        {
            var scene = new StacksScene(items: 3, capacity: 1);
            var taken = 0u;
            return scene.Play(
                [
                    scene.TakeAndPut,
                    () =>
                    {
                        scene.Put(taken);
                        scene.Flush(1);
                    },
                    scene.DrainAll,
                ],
                () =>
                {
                    scene.Fill(3)();
                    scene.TryTake(out taken);
                },
                scene.Fill(1));
        }),
        Of("stack-close-against-owners", "The set is closed while two threads pop and push: afterwards no stack has an item.", weak: false, hazards: [33], static () =>
        {
            var scene = new StacksScene(items: 3, capacity: 2);
            return scene.Play([scene.TakeAndPut, scene.TakeAndPut, scene.Close], scene.Fill(1), scene.Fill(2));
        }),
        Of("stack-close-against-drain", "The set is closed while another drains it: the drain doesn't open what is closed.", weak: false, hazards: [33], static () =>
        {
            var scene = new StacksScene(items: 2, capacity: 2);
            return scene.Play([scene.TakeAndPut, scene.Close, scene.DrainAll], scene.Fill(1));
        }),
        Of("stack-register-against-close", "A thread comes for the first time while the set is being closed: its stack is emptied, or shut from the beginning.", weak: true, hazards: [32, 33], static () =>
        {
            var scene = new StacksScene(items: 2, capacity: 2);
            return scene.Play([scene.TakeAndPut, scene.Close]);
        }),
        Of("stack-register-against-drain", "Two threads come for the first time while the set is being drained.", weak: false, hazards: [32], static () =>
        {
            var scene = new StacksScene(items: 2, capacity: 2);
            return scene.Play([scene.TakeAndPut, scene.TakeAndPut, scene.DrainAll]);
        }),
        Of("stack-end-of-a-thread", "A thread that has items ends while another takes in what ended threads left: at once, or never before.", weak: true, hazards: [22], static () =>
        {
            var scene = new StacksScene(items: 3, capacity: 2);
            return scene.Play([scene.TakeAndPut, () => scene.Set.DrainEnded()], scene.Fill(1, 2));
        }),
        Of("stack-end-drained-by-two", "Two take in what ended threads left, and a third goes on using its own.", weak: false, hazards: [22], static () =>
        {
            var scene = new StacksScene(items: 3, capacity: 2);
            return scene.Play([scene.TakeAndPut, () => scene.Set.DrainEnded(), () => scene.Set.DrainEnded()], scene.Fill(1), scene.Fill(2));
        }),
        Of("stack-end-and-two-that-come", "A thread ends, another takes in what it left and goes on, and a third comes: its stack is used again, by one of them.", weak: false, hazards: [22, 32], static () =>
        {
            var scene = new StacksScene(items: 3, capacity: 2);
            return scene.Play(
                [
                    static () => { },
                    () =>
                    {
                        scene.Set.DrainEnded();
                        scene.TakeAndPut();
                    },
                    scene.TakeAndPut,
                ],
                scene.Fill(1));
        }),
        Of("stack-end-against-drain-and-close", "A thread ends, another drains all stacks, and a third closes the set.", weak: false, hazards: [22, 33], static () =>
        {
            var scene = new StacksScene(items: 3, capacity: 2);
            return scene.Play([scene.TakeAndPut, () => scene.Set.DrainEnded(), scene.Close], scene.Fill(1, 2));
        }),
        Of("stack-depot-against-close", "A thread flushes into the depot while the set is closed: afterwards neither stacks nor depot have an item.", weak: true, hazards: [33], static () =>
        {
            var scene = new StacksScene(items: 2, capacity: 2, depot: new DepotPlan(Magazines: 1, MagazineRoom: 2, LargestCapacity: 2));
            return scene.Play([() => scene.Flush(2), scene.Close], scene.Fill(1, 2));
        }),
        Of("stack-depot-against-drain", "A thread flushes into the depot and another refills from there while a third drains stacks and depot.", weak: false, hazards: [25], static () =>
        {
            var scene = new StacksScene(items: 2, capacity: 2, depot: new DepotPlan(Magazines: 1, MagazineRoom: 1, LargestCapacity: 2));
            return scene.Play([() => scene.Flush(1), scene.RefillFromDepot, scene.DrainAll], scene.Fill(1));
        }),
        Of("stack-depot-opened-by-two", "Two threads come for the first time, and each flushes: there is one depot.", weak: false, hazards: [32], static () =>
        {
            var scene = new StacksScene(items: 2, capacity: 2, depot: new DepotPlan(Magazines: 2, MagazineRoom: 1, LargestCapacity: 2));
            return scene.Play(
                [
                    () =>
                    {
                        scene.TakeAndPut();
                        scene.Flush(1);
                    },
                    () =>
                    {
                        scene.TakeAndPut();
                        scene.Flush(1);
                    },
                ]);
        }),
        Of("stack-sink-fails", "What the items are given to fails: the stack keeps them, and its owner gets in again.", weak: false, hazards: [28], static () =>
        {
            var scene = new StacksScene(items: 3, capacity: 2) { SinksToFail = 1 };
            return scene.Play([scene.TakeAndPut, scene.DrainAll, scene.TakeAndPut], scene.Fill(1, 2), null, scene.Fill(3));
        }),
    ];

    private static Scenario Of(string name, string about, bool weak, int[] hazards, Func<Scene> make) => new(name, about, make)
    {
        Subject = "threads' stacks",
        Invariants = ["L8"],
        Hazards = hazards,
        Weak = weak ? Reach.Everything : null,
    };
}
