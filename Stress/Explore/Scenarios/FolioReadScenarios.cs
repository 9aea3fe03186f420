using FolioRuntime.Exploration.Engine;
using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Reads of folios that nobody holds for the reader: whatever is read is one content of the handle's own folio.</summary>
internal static class FolioReadScenarios
{
    private const string Subject = "optimistic reads";
    private const ulong Changed = 77;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("folio-read-against-recycling", "A folio is returned and its frame rented and filled anew while it is read by its handle.", AgainstRecycling)
        {
            Subject = Subject,
            Invariants = ["L3", "L8"],
            Hazards = [15],
        },
        new("read-against-smaller-folios", "A folio of two frames is returned and its frames rented one by one while its second frame is read.", AgainstSmallerFolios)
        {
            Subject = Subject,
            Invariants = ["L3", "L8"],
            Hazards = [3, 15],
        },
        new("read-of-an-outdated-order", "A folio is returned and its frames rented one by one, by its owner, while its second frame is read: also one that finds the new order is only stale.", OfAnOutdatedOrder)
        {
            Subject = Subject,
            Invariants = ["L3", "L8"],
            Hazards = [3, 15],

            // The order is looked up by a plain load, which is no step: a reduced search needn't try it at every point.
            Sequential = Reach.Preemptions(2),
        },
        new("read-against-larger-folio", "A folio is returned and its frame rented as part of a larger one while it is read.", AgainstLargerFolio)
        {
            Subject = Subject,
            Invariants = ["L3", "L8"],
            Hazards = [3, 15],
        },
        new("read-against-slab", "A folio is returned and its frame becomes a slab of objects while it is read.", AgainstSlab)
        {
            Subject = Subject,
            Invariants = ["L3", "L8"],
            Hazards = [3, 15],
        },
        new("read-against-locked-writes", "Two change a folio in place, under its lock, while it is read.", AgainstLockedWrites)
        {
            Subject = Subject,
            Hazards = [16],
        },
        new("read-against-write-and-gets", "A holder changes a folio in place while it is read, and looked up by another.", AgainstWriteAndGets)
        {
            Subject = Subject,
            Hazards = [16],
        },
        new("read-against-frozen-change", "A folio is frozen, changed and unfrozen while it is read, and looked up by another.", AgainstFrozenChange)
        {
            Subject = Subject,
            Hazards = [11, 16],
        },
        new("read-against-frozen-change-bare", "The same with each load of the reader as a step, so also under weak memory.", AgainstFrozenChangeBare)
        {
            Subject = Subject,
            Hazards = [11, 16],
            Weak = Reach.Everything,
        },
        new("read-against-split", "A folio is split, and its parts filled anew by others, while the whole is read by its old handle.", AgainstSplit)
        {
            Subject = Subject,
            Invariants = ["L3", "L8"],
            Hazards = [3, 15, 16],
        },
        new("read-after-unfinished-write", "A folio ends in the middle of a change and its frame is rented again while the first is read: no read of it succeeds, and the new one can be read.", AfterUnfinishedWrite)
        {
            Subject = Subject,
            Invariants = ["L3", "L8"],
            Hazards = [15, 16],
        },
    ];

    private static Scene AgainstRecycling()
    {
        var scene = new FolioScene();
        var handle = scene.Rent();
        return scene.Play(
            () => scene.RequireEnded(),
            () => scene.Folios.Return(handle),
            () => ReadOwn(scene, handle),
            () => scene.RentLookReturn());
    }

    private static Scene AgainstSmallerFolios()
    {
        var scene = new FolioScene { EveryFrame = true };
        var handle = scene.Rent();
        return scene.Play(
            () => scene.RequireEnded(),
            () => scene.Folios.Return(handle),
            () => ReadOwn(scene, handle, PageOrder.FrameBytes),
            () =>
            {
                if (!scene.TryRent(0, out var first))
                    return;
                scene.RentLookReturn(order: 0);
                scene.Look(first, order: 0);
                scene.Folios.Return(first);
            });
    }

    private static Scene OfAnOutdatedOrder()
    {
        var scene = new FolioScene { EveryFrame = true };
        var handle = scene.Rent();
        return scene.Play(
            () => scene.RequireEnded(),
            () =>
            {
                scene.Folios.Return(handle);
                Requirement.That(scene.RentLookReturn(order: 0), "there is a frame");
            },
            () => ReadOwn(scene, handle, PageOrder.FrameBytes));
    }

    private static Scene AgainstLargerFolio()
    {
        var scene = new FolioScene { EveryFrame = true };
        var handle = scene.Rent(order: 0);
        return scene.Play(
            () => scene.RequireEnded(),
            () => scene.Folios.Return(handle),
            () => ReadOwn(scene, handle),
            () => scene.RentLookReturn(order: 1));
    }

    private static Scene AgainstSlab()
    {
        var scene = RuntimeScene.Create(withCache: true);
        var handle = scene.Rent();
        return scene.Play(
            scene.RequireAllEnded,
            () => scene.Folios.Return(handle),
            () => ReadOwn(scene, handle),
            () => scene.MakeAndDropObject());
    }

    private static Scene AgainstLockedWrites()
    {
        var scene = new FolioScene();
        var handle = scene.Rent();
        scene.Hold(handle, 2);
        return scene.Play(
            () => RequireAtRest(scene, handle),
            () => ChangeLocked(1),
            () => ReadChanging(scene, handle, value => value is 1 or 2),
            () => ChangeLocked(2));

        void ChangeLocked(ulong value)
        {
            var folio = new FolioReference(scene.Folios, handle);
            if (folio.TryLock())
            {
                using (folio.BeginWrite())
                    scene.Write(handle, 1, value);
                folio.Unlock();
            }

            folio.Dispose();
        }
    }

    private static Scene AgainstWriteAndGets()
    {
        var scene = new FolioScene();
        var handle = scene.Rent();
        scene.Hold(handle);
        return scene.Play(
            () => RequireAtRest(scene, handle),
            () =>
            {
                var folio = new FolioReference(scene.Folios, handle);
                using (folio.BeginWrite())
                    scene.Write(handle, 1, Changed);
                folio.Dispose();
            },
            () => ReadChanging(scene, handle, value => value == Changed),
            () =>
            {
                if (scene.Folios.TryGet(handle, out var folio))
                    folio.Dispose();
            });
    }

    private static Scene AgainstFrozenChange()
    {
        var scene = new FolioScene();
        var handle = scene.Rent();
        scene.Hold(handle);
        return scene.Play(
            () => RequireAtRest(scene, handle),
            () => ChangeFrozen(scene, handle),
            () => ReadChanging(scene, handle, value => value == Changed),
            () =>
            {
                if (scene.Folios.TryGet(handle, out var folio))
                    folio.Dispose();
            });
    }

    private static Scene AgainstFrozenChangeBare()
    {
        var scene = new FolioScene();
        var handle = scene.Rent();
        scene.Hold(handle);
        return scene.Play(
            () => RequireAtRest(scene, handle),
            () => ChangeFrozen(scene, handle),
            () =>
            {
                ref var frame = ref scene.FrameOf(handle.Frame);
                if (!Lifetime.TryBeginRead(ref frame.Word, ref frame.Sequence, handle.Generation, out var sequence))
                    return;
                var first = Content.Read(ref scene.ContentOf(handle.Frame));
                var second = Content.Read(ref scene.ContentOf(handle.Frame, 1));
                if (Lifetime.EndRead(ref frame.Word, ref frame.Sequence, handle.Generation, sequence))
                    Requirement.Equal(second, first, "a read is of one content");
            });
    }

    private static Scene AgainstSplit()
    {
        var scene = new FolioScene { EveryFrame = true };
        var whole = scene.Rent();
        scene.Hold(whole);
        var first = new FolioHandle(whole.Frame, whole.Generation + 1);
        var second = new FolioHandle(whole.Frame + 1, scene.Generations.First);
        return scene.Play(
            Check,
            () =>
            {
                Span<FolioHandle> parts = stackalloc FolioHandle[2];
                if (scene.Folios.TryFreeze(whole, 1))
                    scene.Folios.Split(whole, new PageOrder(0), parts);
                else
                    scene.Folios.Put(whole);
            },
            () =>
            {
                ReadOwn(scene, whole, PageOrder.FrameBytes);
                ReadOwn(scene, whole);
            },
            () => Fill(second));

        void Fill(FolioHandle part)
        {
            if (!scene.Folios.TryGet(part, out var folio))
                return;
            using (folio.BeginWrite())
                scene.Write(part, 0, Changed);
            folio.Dispose();
        }

        void Check()
        {
            scene.Folios.TryReturn(first);
            scene.Folios.TryReturn(second);
            scene.Folios.TryReturn(whole);
            scene.RequireEnded();
        }
    }

    private static Scene AfterUnfinishedWrite()
    {
        var scene = new FolioScene();
        var handle = scene.Referenced(1);
        new FolioReference(scene.Folios, handle).BeginWrite();
        scene.ContentOf(handle.Frame) = Changed;
        return scene.Play(
            Check,
            () => scene.Folios.Put(handle),
            () => Requirement.That(scene.Read(handle, out _) != FolioOutcome.Done, "content that is being changed is not read"),
            () => scene.RentLookReturn());

        void Check()
        {
            var next = scene.Rent();
            Requirement.Equal(scene.Read(next, out var value), FolioOutcome.Done, "a new folio can be read");
            Requirement.Equal(value, FolioScene.StampOf(next), "a read is of the handle's own folio");
            scene.Folios.Return(next);
            scene.RequireEnded();
        }
    }

    private static void ChangeFrozen(FolioScene scene, FolioHandle handle)
    {
        if (scene.Folios.TryFreeze(handle, 1))
        {
            scene.Write(handle, 1, Changed);
            scene.Folios.Unfreeze(handle, 1);
        }

        scene.Folios.Put(handle);
    }

    private static void ReadOwn(FolioScene scene, FolioHandle handle, int offsetBytes = 0)
    {
        if (scene.Read(handle, out var value, offsetBytes) == FolioOutcome.Done)
            Requirement.Equal(value, FolioScene.StampOf(handle), "L3: a read is of the handle's own folio");
    }

    /// <summary>Reads a folio that stays, and is changed.</summary>
    private static void ReadChanging(FolioScene scene, FolioHandle handle, Func<ulong, bool> isChanged)
    {
        var outcome = scene.Read(handle, out var value);
        Requirement.That(outcome is FolioOutcome.Done or FolioOutcome.TryAgain, "a folio that lives is not called stale");
        if (outcome == FolioOutcome.Done && !isChanged(value))
            Requirement.Equal(value, FolioScene.StampOf(handle), "L3: a read is of the handle's own folio");
    }

    private static void RequireAtRest(FolioScene scene, FolioHandle handle)
    {
        Requirement.Equal(scene.Read(handle, out _), FolioOutcome.Done, "what is at rest can be read");
        scene.Folios.Return(handle);
        scene.RequireEnded();
    }
}
