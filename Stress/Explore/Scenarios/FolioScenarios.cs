using FolioRuntime.Exploration.Engine;
using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Getting, putting and returning folios while their frames go round: as folios of the same order, of another, as slabs, until generations are spent.</summary>
internal static class FolioScenarios
{
    private const string Subject = "folios";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("folio-return-against-gets", "The owner returns a folio while two others look it up: it is freed once, by whoever was last.", () => ReturnAgainstGets(order: 1))
        {
            Subject = Subject,
            Invariants = ["L1", "L2", "L3", "L8"],
            Hazards = [1, 2],
        },
        new("folio-return-against-gets-listed", "The same, with a list of free frames in front of each thread.", () => ReturnAgainstGets(order: 0))
        {
            Subject = Subject,
            Invariants = ["L1", "L2", "L3", "L8"],
            Hazards = [1, 2],
        },
        new("folio-last-puts", "Two put what are the last references while a third looks the folio up: one of the three frees it.", LastPuts)
        {
            Subject = Subject,
            Invariants = ["L1", "L2", "L3", "L8"],
            Hazards = [1, 2],
        },
        new("folio-recycled-at-another-order", "The last reference is put, the frame becomes part of a larger folio, and an old handle is looked up meanwhile.", RecycledAtAnotherOrder)
        {
            Subject = Subject,
            Invariants = ["L1", "L2", "L3", "L8"],
            Hazards = [1, 3],
        },
        new("folio-recycled-as-slab", "The last reference is put, the frame becomes a slab of objects, and an old handle is looked up meanwhile.", RecycledAsSlab)
        {
            Subject = Subject,
            Invariants = ["L1", "L2", "L3", "L8"],
            Hazards = [3],
        },
        new("folio-racing-returns", "A handle is returned twice at a time while a third rents the frame again: one return succeeds, the other is reported.", RacingReturns)
        {
            Subject = Subject,
            Invariants = ["L1", "L3", "L4", "L8"],
            Hazards = [2, 30],
        },
        new("folio-stale-get-is-last", "A look-up by an old handle holds the frame's new folio for an instant while that is returned and the frame rented again: whoever is last frees it.", StaleGetIsLast)
        {
            Subject = Subject,
            Invariants = ["L1", "L2", "L3", "L4", "L8"],
            Hazards = [3, 12],
        },
        new("folio-racing-rents", "Two rent the only frame while it is returned: never both have it.", RacingRents)
        {
            Subject = Subject,
            Invariants = ["L2", "L7", "L8"],
            Hazards = [18],
        },
        new("folio-generations-spent", "A folio with its frame's last generation is returned while it is looked up and another is rented: the frame never heads a folio again and still serves slabs.", GenerationsSpent)
        {
            Subject = Subject,
            Invariants = ["L3", "L5", "L8"],
            Hazards = [9],
        },
        new("folio-owner-disposed-twice", "An owner is disposed by two threads while a third pins it: the folio goes once, and not under the pin.", OwnerDisposedTwice)
        {
            Subject = Subject,
            Invariants = ["L1", "L2", "L4", "L8"],
            Hazards = [30],
        },
        new("folio-owner-unpinned-too-often", "An owner is unpinned once too often while others pin it, hold its folio and dispose it: nobody's reference is lost or taken.", OwnerUnpinnedTooOften)
        {
            Subject = Subject,
            Invariants = ["L1", "L2", "L4", "L8"],
            Hazards = [8],
        },
        new("folio-owner-unpinned-unpinned", "An owner that nobody has pinned is unpinned while its folio is held and it is disposed: the unpin is reported and takes nothing.", OwnerUnpinnedUnpinned)
        {
            Subject = Subject,
            Invariants = ["L1", "L2", "L4", "L8"],
            Hazards = [8],
        },
    ];

    private static Scene ReturnAgainstGets(int order)
    {
        var scene = new FolioScene(maxOrder: order, listCapacity: 1);
        var handle = scene.Rent(order);
        return scene.Play(
            () => scene.RequireEnded(),
            () => scene.Folios.Return(handle),
            () => scene.GetLookPut(handle, order),
            () => scene.GetLookPut(handle, order));
    }

    private static Scene LastPuts()
    {
        var scene = new FolioScene();
        var handle = scene.Referenced(2);
        return scene.Play(
            () => scene.RequireEnded(),
            () => scene.Folios.Put(handle),
            () => scene.Folios.Put(handle),
            () => scene.GetLookPut(handle));
    }

    private static Scene RecycledAtAnotherOrder()
    {
        var scene = new FolioScene { EveryFrame = true };
        var handle = scene.Referenced(1, order: 0);
        return scene.Play(
            () => scene.RequireEnded(),
            () => scene.Folios.Put(handle),
            () => scene.RentLookReturn(order: 1),
            () => scene.GetLookPut(handle, order: 0));
    }

    private static Scene RecycledAsSlab()
    {
        var scene = RuntimeScene.Create(withCache: true);
        var handle = scene.Referenced(1);
        return scene.Play(
            scene.RequireAllEnded,
            () => scene.Folios.Put(handle),
            () => scene.MakeAndDropObject(),
            () => scene.GetLookPut(handle));
    }

    private static Scene RacingReturns()
    {
        var scene = new FolioScene();
        var handle = scene.Rent();
        var returned = 0;
        return scene.Play(
            Check,
            Return,
            Return,
            () => scene.RentLookReturn());

        void Return()
        {
            if (scene.Folios.TryReturn(handle))
                returned++;
        }

        void Check()
        {
            Requirement.Equal(returned, 1, "L1: one return succeeds");
            Requirement.Equal(scene.Count(ViolationKind.DoubleReturn) + scene.Count(ViolationKind.StaleReturn), 1, "L4: the other is reported");
            scene.RequireEnded();
        }
    }

    private static Scene StaleGetIsLast()
    {
        var scene = new FolioScene();
        var old = scene.Gone();
        var now = scene.Rent();
        return scene.Play(
            () => scene.RequireEnded(),
            () => scene.Folios.Return(now),
            () => Requirement.Equal(scene.GetLookPut(old), FolioOutcome.Stale, "L3: a freed folio is never got again"),
            () => scene.RentLookReturn());
    }

    private static Scene RacingRents()
    {
        var scene = new FolioScene();
        var handle = scene.Rent();
        return scene.Play(
            () => scene.RequireEnded(),
            () => scene.Folios.Return(handle),
            () => scene.RentLookReturn(),
            () => scene.RentLookReturn());
    }

    private static Scene GenerationsSpent()
    {
        var scene = new FolioScene(frames: 1, maxOrder: 0, generationBits: 2);
        var old = scene.Gone(order: 0);
        var last = scene.Rent(order: 0);
        return scene.Play(
            Check,
            () => scene.Folios.Return(last),
            () => scene.GetLookPut(last, order: 0),
            () =>
            {
                Requirement.Equal(scene.GetLookPut(old, order: 0), FolioOutcome.Stale, "L3: a freed folio is never got again");
                Requirement.That(!scene.TryRent(0, out _), "the only frame is taken or spent");
            });

        void Check()
        {
            scene.RequireEnded();
            Requirement.That(scene.Generations.IsRetired(Lifetime.Load(ref scene.FrameOf(0).Word)), "L5: the word has spent its generations");
            Requirement.That(!scene.TryRent(0, out _), "L5: the frame heads no folio again");
            Requirement.That(scene.Pages.TryAllocate(0, FrameUses.Slab, out _), "L8: the frame still serves slabs");
        }
    }

    private static Scene OwnerDisposedTwice()
    {
        var scene = new FolioScene();
        var owner = OwnerOf(scene);
        return scene.Play(
            Check,
            () => Dispose(owner),
            () => Dispose(owner),
            () => PinLookUnpin(scene, owner));

        void Check()
        {
            Requirement.Equal(scene.Count(ViolationKind.DoubleDispose), 1, "L4: the second dispose is reported");
            RequireGone(scene, owner);
        }
    }

    private static Scene OwnerUnpinnedTooOften()
    {
        var scene = new FolioScene();
        var owner = OwnerOf(scene);
        return scene.Play(Check, PinAndUnpin, owner.Unpin, () => Dispose(owner));

        void PinAndUnpin()
        {
            try
            {
                owner.Pin().Dispose();
            }
            catch (ObjectDisposedException)
            {
                // Disposed before it was pinned.
            }
        }

        void Check()
        {
            Requirement.Equal(scene.Count(ViolationKind.SurplusPut), 1, "L4: the one unpin too many is reported");
            RequireGone(scene, owner);
        }
    }

    private static Scene OwnerUnpinnedUnpinned()
    {
        var scene = new FolioScene();
        var owner = OwnerOf(scene);
        scene.Hold(owner.Handle);
        return scene.Play(
            Check,
            () => Dispose(owner),
            owner.Unpin,
            () =>
            {
                scene.Look(owner.Handle);
                scene.Folios.Put(owner.Handle);
            });

        void Check()
        {
            Requirement.Equal(scene.Count(ViolationKind.SurplusPut), 1, "L4: the unpin too many is reported");
            RequireGone(scene, owner);
        }
    }

    private static FolioOwner OwnerOf(FolioScene scene)
    {
        var owner = scene.Folios.AllocateOwner(new PageOrder(1));
        scene.Write(owner.Handle, 1, FolioScene.StampOf(owner.Handle));
        return owner;
    }

    private static void Dispose(IDisposable owner) => owner.Dispose();

    private static void PinLookUnpin(FolioScene scene, FolioOwner owner)
    {
        try
        {
            using var pin = owner.Pin();
            scene.Look(owner.Handle);
        }
        catch (ObjectDisposedException)
        {
            // Disposed before it was pinned.
        }
    }

    private static void RequireGone(FolioScene scene, FolioOwner owner)
    {
        Requirement.Equal(scene.Folios.Get(owner.Handle, out _), FolioOutcome.Stale, "L3: the owner's folio is gone");
        scene.RequireEnded();
    }
}
