using FolioRuntime.Exploration.Engine;
using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Threads that pin a folio, each in a slot of its own, against those who want it for themselves: no pin is missed by a sum, and none is counted twice.</summary>
internal static class PinScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Of("pin-against-dispose", "A thread pins a folio that is disposed, and whose frame is rented again: it finds the folio's content as long as it pins it.", ["L1", "L2", "L3"], weak: false, static () =>
        {
            var scene = new PinScene();
            return scene.Play(Disposed(scene), [scene.Come], () => scene.PinLookUnpin(), scene.DisposeAndRent);
        }),
        Of("pin-first-against-dispose", "A thread pins a folio for the first time while it is disposed: its slot is summed, or shut from the beginning.", ["L1", "L2", "L3"], weak: false, static () =>
        {
            var scene = new PinScene();
            return scene.Play(Disposed(scene), () => scene.PinLookUnpin(), scene.DisposeAndRent);
        }),
        Of("pin-ends-against-dispose", "Two threads end their pins while the folio is disposed: the last of the three frees it, and nobody else.", ["L1", "L2"], weak: false, static () =>
        {
            var scene = new PinScene();
            return scene.Play(Disposed(scene), [scene.Pin, scene.Pin], LookAndUnpin(scene), LookAndUnpin(scene), scene.DisposeAndRent);
        }),
        Of("pin-against-dispose-and-owner", "A thread pins a folio that is disposed and then frozen and changed by its owner: it sees no change while it pins it.", ["L2"], weak: true, static () =>
        {
            var scene = new PinScene(isOwned: true);
            return scene.Play(Disposed(scene), [scene.Come], () => scene.PinReadTwiceUnpin(), scene.DisposeAndChange);
        }),
        Of("pin-end-against-dispose-and-owner", "A thread ends its pin while the folio is disposed and then frozen and changed by its owner.", ["L2"], weak: true, static () =>
        {
            var scene = new PinScene(isOwned: true);
            return scene.Play(
                Disposed(scene),
                [scene.Pin],
                () =>
                {
                    scene.ReadTwice();
                    scene.Unpin();
                },
                scene.DisposeAndChange);
        }),
        Of("pin-racing-disposes", "A folio is disposed twice while a pin ends: one is told, and the reference is dropped once.", ["L1", "L2", "L4"], weak: false, static () =>
        {
            var scene = new PinScene();
            return scene.Play(
                () => scene.DisposeAndRequireEnded(isDisposed: true, ViolationKind.DoubleDispose), [scene.Pin], LookAndUnpin(scene), scene.Folio.Dispose, scene.Folio.Dispose);
        }),
        Of("pin-against-freeze", "A thread pins a folio while another freezes, changes and unfreezes it: it sees no change while it pins it, and can pin it afterwards.", ["L2"], weak: true, static () =>
        {
            var scene = new PinScene();
            return scene.Play(Open(scene), [scene.Come], () => scene.PinReadTwiceUnpin(), () => scene.TryChangeFrozen());
        }),
        Of("pin-end-against-freeze", "A thread ends its pin and pins again while another freezes: its slot is summed between the two, or before, or after.", ["L2"], weak: false, static () =>
        {
            var scene = new PinScene();
            return scene.Play(
                Open(scene),
                [scene.Pin],
                () =>
                {
                    scene.ReadTwice();
                    scene.Unpin();
                    scene.PinReadTwiceUnpin();
                },
                () => scene.TryChangeFrozen());
        }),
        Of("pin-freeze-in-vain", "A freeze that a pin makes fail: the pin counts as before, and so do later ones.", ["L2", "L4"], weak: true, static () =>
        {
            var scene = new PinScene();
            return scene.Play(
                () =>
                {
                    Requirement.That(!scene.Folio.TryFreeze(out _), "L2: what is pinned can't be frozen");
                    scene.Folio.Dispose();
                    scene.RequireWhole(allocated: 2);
                    scene.Look(scene.Handle);
                },
                [scene.Pin, scene.Come],
                () => Requirement.That(!scene.TryChangeFrozen(), "L2: what is pinned can't be frozen"),
                () => scene.PinReadTwiceUnpin());
        }),
        Of("pin-freeze-waits", "A freezer waits until two pins have ended; nobody pins meanwhile.", ["L2"], weak: false, static () =>
        {
            var scene = new PinScene();
            return scene.Play(
                Open(scene),
                [scene.Pin, scene.Pin],
                LookAndUnpin(scene),
                scene.Unpin,
                () => Requirement.That(scene.TryChangeFrozen(Timeout.InfiniteTimeSpan), "once all pins have ended it can be frozen"));
        }),
        Of("pin-racing-freezes", "Two freeze a folio while a third pins it: one at a time.", ["L2"], weak: false, static () =>
        {
            var scene = new PinScene();
            return scene.Play(Open(scene), [scene.Come], () => scene.PinReadTwiceUnpin(), () => scene.TryChangeFrozen(), () => scene.TryChangeFrozen());
        }),
        Of("pin-against-unfreeze", "A thread pins a folio while it is unfrozen: whoever pins it sees all that was changed.", ["L2", "L7"], weak: true, static () =>
        {
            var scene = new PinScene();
            return scene.Play(
                Open(scene),
                [scene.Come, scene.Freeze],
                () => Requirement.That(scene.PinReadTwiceUnpin() is null or PinScene.Changed, "L7: who pins what is unfrozen sees what was written while it was frozen"),
                () =>
                {
                    scene.Write(scene.Handle, 1, PinScene.Changed);
                    new FrozenFolio(scene.Folios, scene.Handle, 1, scene.Folio).Unfreeze();
                });
        }),
        Of("pin-free-frozen", "A folio is frozen and freed while a thread pins it: the pin keeps it, or finds it gone.", ["L1", "L2", "L3"], weak: false, static () =>
        {
            var scene = new PinScene();
            return scene.Play(
                Disposed(scene),
                [scene.Come],
                () => scene.PinLookUnpin(),
                () =>
                {
                    if (scene.Folio.TryFreeze(out var frozen))
                        frozen.Free();
                    else
                        scene.Folio.Dispose();
                    scene.RentLookReturn();
                });
        }),
        Of("pin-freeze-against-dispose", "A folio is disposed while it is frozen or somebody tries to, and another holds a reference: what is frozen is not disposed, and what is disposed is not frozen.", ["L1", "L2", "L4"], weak: false, FreezeAgainstDispose),
        Of("pin-thread-ends-against-dispose", "A thread ends a pin that was summed before, and ends, while another takes in what ended threads left and the folio is disposed.", ["L1", "L2"], weak: false, static () =>
        {
            var scene = new PinScene();
            return scene.Play(Disposed(scene), [scene.PinAndBeCollected], scene.Unpin, () => scene.Folio.Slots.DrainEnded(), scene.Folio.Dispose);
        }),
        Of("pin-thread-ends-while-frozen", "A thread ends its pin, and ends, while the folio is frozen, and its slot may go to one that comes afterwards, and can pin.", ["L2"], weak: false, static () =>
        {
            var scene = new PinScene();
            return scene.Play(
                Open(scene),
                [scene.Pin],
                scene.Unpin,
                () =>
                {
                    Requirement.That(scene.Folio.TryFreeze(out var frozen, patience: Timeout.InfiniteTimeSpan), "once all pins have ended it can be frozen");
                    scene.Folio.Slots.DrainEnded();
                    frozen.Unfreeze();
                    Requirement.Equal(scene.PinLookUnpin(), FolioOutcome.Done, "what is not frozen can be pinned");
                });
        }),
        Of("pin-stale-handles", "A folio is disposed and its frame rented anew while a third distributes it by its handle: it pins the handle's own folio, or finds it gone.", ["L1", "L2", "L3"], weak: false, static () =>
        {
            var scene = new PinScene();
            return scene.Play(
                Disposed(scene),
                scene.Folio.Dispose,
                () => scene.RentLookReturn(),
                () =>
                {
                    if (!scene.Folios.TryDistribute(scene.Handle, out var again))
                        return;
                    Requirement.That(again.TryPin(out var pin), "what is distributed can be pinned");
                    scene.Look(scene.Handle);
                    pin.Dispose();
                    again.Dispose();
                });
        }),
    ];

    private static Scene FreezeAgainstDispose()
    {
        var scene = new PinScene();
        scene.Hold(scene.Handle);
        return scene.Play(
            () =>
            {
                var isFrozenReported = scene.Violations.Count > 0;
                scene.DisposeAndRequireEnded(!isFrozenReported, isFrozenReported ? [ViolationKind.FrozenReturn] : []);
            },
            () =>
            {
                scene.ReadTwice();
                scene.Folios.Put(scene.Handle);
            },
            () => scene.TryChangeFrozen(),
            scene.Folio.Dispose);
    }

    private static Action LookAndUnpin(PinScene scene) => () =>
    {
        scene.Look(scene.Handle);
        scene.Unpin();
    };

    private static Action Disposed(PinScene scene) => () => scene.DisposeAndRequireEnded(isDisposed: true);

    private static Action Open(PinScene scene) => () => scene.DisposeAndRequireEnded();

    private static Scenario Of(string name, string about, string[] invariants, bool weak, Func<Scene> make) => new(name, about, make)
    {
        Subject = "pinned folios",
        Invariants = [.. invariants, "L8"],
        Hazards = [34],
        Weak = weak ? Reach.Everything : null,
    };
}
