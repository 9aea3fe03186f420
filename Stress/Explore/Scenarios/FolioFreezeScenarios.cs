using FolioRuntime.Exploration.Engine;
using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Freezing folios, and what is done to frozen ones, against everything that others do with their handles meanwhile.</summary>
internal static class FolioFreezeScenarios
{
    private const string Subject = "frozen folios";
    private const ulong Changed = 77;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("freeze-against-gets", "A holder freezes a folio, changes it and unfreezes it, while others look it up by its own and by an old handle: nobody holds it meanwhile, and nothing stray stays on the word.", FreezeAgainstGets)
        {
            Subject = Subject,
            Invariants = ["L2", "L3", "L4", "L8"],
            Hazards = [11, 12],
        },
        new("racing-freezes", "Two holders of one folio try to freeze it while a third looks it up: only one without the others ever does.", RacingFreezes)
        {
            Subject = Subject,
            Invariants = ["L2", "L8"],
            Hazards = [11],
        },
        new("folio-freeze-against-return", "A holder freezes and unfreezes a folio while its owner returns it and another looks it up: a return that meets it frozen is reported and changes nothing.", FreezeAgainstReturn)
        {
            Subject = Subject,
            Invariants = ["L1", "L2", "L4", "L8"],
            Hazards = [11, 12],
        },
        new("free-frozen-against-return", "A holder frees a frozen folio while its owner returns it, wrongly, and another looks it up: it is freed once.", FreeFrozenAgainstReturn)
        {
            Subject = Subject,
            Invariants = ["L1", "L3", "L4", "L5", "L8"],
            Hazards = [5, 12],
        },
        new("free-frozen-recycled", "A frozen folio is freed, with its flags set, and its frame rented again under old handles: the new folio has neither content nor flags of the old.", FreeFrozenRecycled)
        {
            Subject = Subject,
            Invariants = ["L1", "L3", "L7", "L8"],
            Hazards = [3, 12, 13],
        },
        new("split-against-gets", "A holder splits a folio while others look up its handle and, by a guess, a part's: the whole, a finished part, or nothing.", SplitAgainstGets)
        {
            Subject = Subject,
            Invariants = ["L1", "L2", "L3", "L7", "L8"],
            Hazards = [13],
        },
        new("split-into-other-hands", "The parts of a folio go to another thread, which returns them while the old handle is looked up and returned: it means nothing any more, and every frame comes back.", SplitIntoOtherHands)
        {
            Subject = Subject,
            Invariants = ["L1", "L3", "L4", "L8"],
        },
        new("split-worn", "A folio whose head has spent its generations can't be split, and is unharmed while others look it up and return it.", SplitWorn)
        {
            Subject = Subject,
            Invariants = ["L1", "L2", "L5", "L8"],
            Hazards = [9],
        },
        new("locks-and-flags", "Two holders lock a folio in turn while a third sets and clears another flag: one holds the lock at a time, and no flag is lost.", LocksAndFlags)
        {
            Subject = Subject,
            Invariants = ["L4", "L8"],
            Weak = Reach.Everything,
        },
    ];

    private static Scene FreezeAgainstGets()
    {
        var scene = new FolioScene();
        var old = scene.Gone();
        var handle = scene.Rent();
        scene.Hold(handle);
        return scene.Play(
            Check,
            () => ChangeFrozenAndPut(scene, handle),
            () => GetReadTwicePut(scene, handle),
            () => Requirement.Equal(scene.GetLookPut(old), FolioOutcome.Stale, "L3: a freed folio is never got again"));

        void Check()
        {
            Requirement.Equal(Lifetime.Load(ref scene.FrameOf(handle.Frame).Word).References, 0u, "L4: nothing stray stays on the word");
            scene.Folios.Return(handle);
            scene.RequireEnded();
        }
    }

    private static Scene RacingFreezes()
    {
        var scene = new FolioScene();
        var handle = scene.Referenced(2);
        return scene.Play(
            () => scene.RequireEnded(),
            () => ChangeFrozenAndPut(scene, handle),
            () => ChangeFrozenAndPut(scene, handle),
            () => GetReadTwicePut(scene, handle));
    }

    private static Scene FreezeAgainstReturn()
    {
        var scene = new FolioScene();
        var handle = scene.Rent();
        scene.Hold(handle);
        var returned = false;
        return scene.Play(
            Check,
            () => ChangeFrozenAndPut(scene, handle),
            () => returned = scene.Folios.TryReturn(handle),
            () => GetReadTwicePut(scene, handle));

        void Check()
        {
            Requirement.Equal(scene.Count(ViolationKind.FrozenReturn), returned ? 0 : 1, "L4: a return fails only while the folio is frozen, and is reported");
            if (!returned)
                scene.Folios.Return(handle);
            scene.RequireEnded();
        }
    }

    private static Scene FreeFrozenAgainstReturn()
    {
        var scene = new FolioScene();
        var handle = scene.Rent();
        scene.Hold(handle);
        var returned = false;
        var freed = false;
        return scene.Play(
            Check,
            () =>
            {
                freed = scene.Folios.TryFreeze(handle, 1);
                if (freed)
                    scene.Folios.FreeFrozen(handle);
                else
                    scene.Folios.Put(handle);
            },
            () => returned = scene.Folios.TryReturn(handle),
            () => scene.GetLookPut(handle));

        void Check()
        {
            if (!returned && !freed)
                scene.Folios.Return(handle);
            scene.RequireEnded();
        }
    }

    private static Scene FreeFrozenRecycled()
    {
        var scene = new FolioScene();
        var handle = scene.Referenced(1);
        scene.FrameOf(handle.Frame).Flags = (uint)FolioFlags.Dirty;
        var next = new FolioHandle(handle.Frame, handle.Generation + 1);
        return scene.Play(
            () => scene.RequireEnded(),
            () =>
            {
                if (scene.Folios.TryFreeze(handle, 1))
                    scene.Folios.FreeFrozen(handle);
                else
                    scene.Folios.Put(handle);
            },
            () => scene.RentLookReturn(),
            () =>
            {
                if (!scene.Folios.TryGet(next, out var folio))
                    return;
                Requirement.Equal(folio.Flags, FolioFlags.None, "L7: a folio is handed out without flags");
                Requirement.That(Content.Read(ref scene.ContentOf(next.Frame)) is var content && (content == 0 || content == FolioScene.StampOf(next)), "L7: a folio is zeroed when it is handed out");
                folio.Dispose();
            });
    }

    private static Scene SplitAgainstGets()
    {
        var scene = new FolioScene { EveryFrame = true };
        var whole = scene.Rent();
        scene.Hold(whole);
        scene.FrameOf(whole.Frame).Flags = (uint)(FolioFlags.Dirty | FolioFlags.Locked);
        var second = new FolioHandle(whole.Frame + 1, scene.Generations.First);
        return scene.Play(
            () => RequireSplitEnded(scene, whole),
            () =>
            {
                if (TrySplit(scene, whole, out var first, out var other))
                {
                    Requirement.Equal(other, second, "a part's generation is its own frame's");
                    scene.Folios.Return(first);
                    scene.Folios.Return(other);
                }
            },
            () => scene.GetLookPut(whole, order: 1),
            () =>
            {
                if (!scene.Folios.TryGet(second, out var folio))
                    return;
                Requirement.Equal(folio.Order.Value, 0, "L7: a part is a folio of its own order");
                Requirement.Equal(folio.Flags, FolioFlags.Dirty, "L7: a part has the whole's flags, except the lock");
                Requirement.Equal(Content.Read(ref scene.ContentOf(second.Frame)), FolioScene.StampOf(whole), "L2: a split leaves the content");
                folio.Dispose();
            });
    }

    private static Scene SplitIntoOtherHands()
    {
        var scene = new FolioScene { EveryFrame = true };
        var whole = scene.Rent();
        scene.Hold(whole);
        var first = new FolioHandle(whole.Frame, whole.Generation + 1);
        var second = new FolioHandle(whole.Frame + 1, scene.Generations.First);
        var wasSplit = false;
        return scene.Play(
            Check,
            () => wasSplit = TrySplit(scene, whole, out _, out _),
            () =>
            {
                scene.Folios.TryReturn(second);
                scene.Folios.TryReturn(first);
            },
            () => scene.GetLookPut(whole, order: 1));

        void Check()
        {
            scene.Folios.TryReturn(first);
            scene.Folios.TryReturn(second);
            Requirement.Equal(scene.Folios.TryReturn(whole), !wasSplit, "L3: the whole's handle is its owner's until it is split, and nobody's then");
            RequireSplitEnded(scene, whole);
        }
    }

    private static Scene SplitWorn()
    {
        var scene = new FolioScene(generationBits: 2);
        scene.Gone();
        var last = scene.Rent();
        scene.Hold(last);
        var returned = false;
        return scene.Play(
            Check,
            () =>
            {
                Span<FolioHandle> parts = stackalloc FolioHandle[2];
                if (scene.Folios.TryFreeze(last, 1))
                {
                    Requirement.Equal(scene.Folios.Split(last, new PageOrder(0), parts), FolioOutcome.Worn, "L5: a frame whose generations are spent heads no part");
                    scene.Folios.Unfreeze(last, 1);
                }

                scene.Folios.Put(last);
            },
            () => returned = scene.Folios.TryReturn(last),
            () => scene.GetLookPut(last, order: 1));

        void Check()
        {
            if (!returned)
                scene.Folios.Return(last);
            scene.RequireEnded();
        }
    }

    private static Scene LocksAndFlags()
    {
        var scene = new FolioScene();
        var handle = scene.Rent();
        scene.Hold(handle, 3);
        ulong inside = 0;
        return scene.Play(
            Check,
            LockAndUnlock,
            LockAndUnlock,
            () =>
            {
                var folio = new FolioReference(scene.Folios, handle);
                folio.SetFlags(FolioFlags.Dirty);
                folio.ClearFlags(FolioFlags.Referenced);
            });

        void LockAndUnlock()
        {
            var folio = new FolioReference(scene.Folios, handle);
            if (!folio.TryLock())
                return;
            ref var content = ref scene.ContentOf(handle.Frame);
            var seen = Content.Read(ref content);
            Requirement.Equal(seen, FolioScene.StampOf(handle) + inside, "the lock shows what its last holder did");
            Content.Write(ref content, seen + 1);
            inside++;
            folio.Unlock();
        }

        void Check()
        {
            Requirement.Equal((FolioFlags)scene.FrameOf(handle.Frame).Flags, FolioFlags.Dirty, "no flag is lost, and the lock is given back");
            Requirement.That(inside >= 1, "somebody got the lock");
            for (var i = 0; i < 3; i++)
                scene.Folios.Put(handle);
            scene.Folios.Return(handle);
            scene.RequireEnded();
        }
    }

    private static void ChangeFrozenAndPut(FolioScene scene, FolioHandle handle)
    {
        if (scene.Folios.TryFreeze(handle, 1))
        {
            scene.Write(handle, 1, Changed);
            scene.Folios.Unfreeze(handle, 1);
        }

        scene.Folios.Put(handle);
    }

    /// <summary>Whoever holds a folio sees no change of it that is made while it is frozen.</summary>
    private static void GetReadTwicePut(FolioScene scene, FolioHandle handle)
    {
        if (!scene.Folios.TryGet(handle, out var folio))
            return;
        var first = Content.Read(ref scene.ContentOf(handle.Frame));
        Requirement.Equal(Content.Read(ref scene.ContentOf(handle.Frame, 1)), first, "L2: a folio that somebody holds is not frozen by another");
        folio.Dispose();
    }

    private static bool TrySplit(FolioScene scene, FolioHandle whole, out FolioHandle first, out FolioHandle second)
    {
        Span<FolioHandle> parts = stackalloc FolioHandle[2];
        var frozen = scene.Folios.TryFreeze(whole, 1);
        if (frozen)
            Requirement.Equal(scene.Folios.Split(whole, new PageOrder(0), parts), FolioOutcome.Done, "a frozen folio is split");
        else
            scene.Folios.Put(whole);
        (first, second) = (parts[0], parts[1]);
        return frozen;
    }

    private static void RequireSplitEnded(FolioScene scene, FolioHandle whole)
    {
        scene.Folios.TryReturn(whole);
        scene.RequireEnded();
        Requirement.That(scene.RentLookReturn(order: 1), "L8: the parts' frames are one block again");
    }
}
