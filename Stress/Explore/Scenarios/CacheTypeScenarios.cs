using FolioRuntime.Exploration.Engine;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Pages of types that are looked up, constructed, changed, cleaned, dropped and given up at the same time, while their frames become pages of other types and of files.</summary>
internal static class CacheTypeScenarios
{
    private const ulong Later = CacheTypeScene.Changed + 1;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Of("cache-type-lookup-against-reinsert", "A page gives way to one of another type, in the same frame, while it is looked up by its key.", LookUpAgainstReinsert, 2, 3, 14),
        Of("cache-type-handle-against-reinsert", "The same, while both types are asked for its handle: only its own gives it, and only as long as it is there.", HandleAgainstReinsert, 2, 3, 4, 14),
        Of("cache-type-handle-against-file", "The same, while it gives way to a page of a file.", HandleAgainstFile, 2, 3, 14),
        Of("cache-type-read-against-reinsert", "A page gives way to one of another type, in the same frame, while it is read without a reference.", ReadAgainstReinsert, 2, 3, 15),
        Of("cache-type-read-against-change", "A page is read without a reference while it is changed: what is read is one content.", ReadAgainstChange, 3, 15, 16) with { Weak = Reach.Preemptions(1) },
        Of("cache-type-last-put-against-reinsert", "The last reference on a page that was dropped is put while its handle is tried, and the frame becomes a page of another type.", LastPutAgainstReinsert, 2, 1, 2, 3, 4),
        Of("cache-type-stranger-against-drop", "A page is dropped while another type tries its handle: whoever ends it, it ends by its own destructor.", StrangerAgainstDrop, 3, 4),
        Of("cache-type-references-fall", "A page that somebody holds is dropped while its handle is tried: once it is off the index nobody gets it any more.", ReferencesFall, 3),
        Of("cache-type-construct-by-two", "Two want a page that isn't there: one constructs it, and both see it.", ConstructByTwo, 2, 13),
        Of("cache-type-construct-against-drop", "A page is dropped while it is constructed: it doesn't come in, or goes, and is destroyed once.", ConstructAgainstDrop, 2),
        Of("cache-type-drop-against-lookup", "A page is dropped while two look it up: who gets it has it until he puts it.", DropAgainstLookUp, 2),
        Of("cache-type-drop-against-reclaim", "A page is dropped and given up at once: it is destroyed once.", DropAgainstReclaim, 2),
        Of("cache-type-clean-against-change", "A changed page is changed again while it is cleaned: one content is cleaned, and the last one in the end.", CleanAgainstChange, 2),
        Of("cache-type-clean-fails-against-change", "The same, and the first cleaning fails: the page stays dirty, once.", CleanFailsAgainstChange, 2),
        Of("cache-type-clean-against-drop", "A page is dropped while it is cleaned: nothing of it is cleaned afterwards.", CleanAgainstDrop, 2),
        Of("cache-type-reclaim-against-change", "A page is given up while it is changed and cleaned: what was changed isn't lost.", ReclaimAgainstChange, 2),
        Of("cache-type-dispose-against-construct", "A type is disposed while a page of it is constructed: nothing of it stays.", DisposeAgainstConstruct, 2, 19),
    ];

    private static Scenario Of(string name, string about, Func<Scene> make, int preemptions, params int[] hazards) => new(name, about, make)
    {
        Subject = "page types",
        Invariants = ["L1", "L2", "L3", "L8"],
        Hazards = hazards,
        Sequential = Reach.Preemptions(preemptions),
        MostSteps = 3000,
    };

    private static Scene LookUpAgainstReinsert()
    {
        var scene = new CacheTypeScene();
        scene.WithX();
        return scene.Play(
            () => { },
            () => scene.LookUp(scene.X),
            () => scene.GetOrAdd(scene.Y, thread: 1));
    }

    private static Scene HandleAgainstReinsert()
    {
        var scene = new CacheTypeScene();
        var handle = scene.WithX();
        return scene.Play(
            () => Requirement.That(scene.LookUp(scene.X, handle) == scene.LookUp(scene.X), "L3: a handle is good for as long as the page is there"),
            () => scene.LookUp(scene.X, handle),
            () => Requirement.That(!scene.LookUp(scene.Y, handle), "C10: another type's handle isn't good"),
            () => scene.GetOrAdd(scene.Y, thread: 2));
    }

    private static Scene HandleAgainstFile()
    {
        var scene = new CacheTypeScene();
        var handle = scene.WithX();
        return scene.Play(
            () => { },
            () => scene.LookUp(scene.X, handle),
            scene.FillFile);
    }

    private static Scene ReadAgainstReinsert()
    {
        var scene = new CacheTypeScene();
        scene.WithX();
        return scene.Play(
            () => Requirement.That(scene.Read(scene.Y), "nobody held the other's frame"),
            () => scene.Read(scene.X),
            () => scene.GetOrAdd(scene.Y, thread: 1));
    }

    private static Scene ReadAgainstChange()
    {
        var scene = new CacheTypeScene(frames: 2) { MayLoseChanges = true };
        scene.WithX();
        return scene.Play(
            () => { },
            () => scene.Read(scene.X),
            () => scene.ChangeX(CacheTypeScene.Changed));
    }

    private static Scene LastPutAgainstReinsert()
    {
        var scene = new CacheTypeScene();
        var handle = scene.X.GetOrAdd(0).Handle;
        scene.X.Drop(0);
        return scene.Play(
            () => CacheTypeScene.RequireCounts(scene.X, 1, 1),
            () => scene.Folios.Put(handle),
            () => Requirement.That(!scene.LookUp(scene.X, handle), "C3: a page that was dropped isn't got"),
            () =>
            {
                if (scene.GetOrAdd(scene.Y, thread: 2))
                    scene.Y.Drop(0);
            });
    }

    private static Scene StrangerAgainstDrop()
    {
        var scene = new CacheTypeScene();
        var handle = scene.WithX();
        return scene.Play(
            () => CacheTypeScene.RequireCounts(scene.X, 1, 1),
            () => scene.X.Drop(0),
            () => Requirement.That(!scene.LookUp(scene.Y, handle), "C10: another type's handle isn't good"));
    }

    private static Scene ReferencesFall()
    {
        var scene = new CacheTypeScene();
        var handle = scene.X.GetOrAdd(0).Handle;
        var isGot = false;
        return scene.Play(
            () =>
            {
                // One is the scene's own; the look-up's is still held.
                Requirement.That(!isGot || scene.Word(1) >= 2, "C3: once a page is off the index its references only fall");
                if (isGot)
                    scene.Folios.Put(handle);
                scene.Folios.Put(handle);
            },
            () => isGot = scene.X.TryGet(handle, out _),
            () =>
            {
                scene.X.Drop(0);
                Content.Write(ref scene.Word(1), scene.Folios.ReferencesOf(handle));
            });
    }

    private static Scene ConstructByTwo()
    {
        var scene = new CacheTypeScene();
        return scene.Play(
            () =>
            {
                CacheTypeScene.RequireCounts(scene.X, 1, 0);
                scene.Waited(0);
                scene.Waited(1);
                Requirement.That(scene.LookUp(scene.X), "the page is there");
            },
            () => scene.GetOrAdd(scene.X, thread: 0),
            () => scene.GetOrAdd(scene.X, thread: 1));
    }

    private static Scene ConstructAgainstDrop()
    {
        var scene = new CacheTypeScene();
        return scene.Play(
            () => CacheTypeScene.RequireCounts(scene.X, 1, scene.LookUp(scene.X) ? 0 : 1),
            () => scene.GetOrAdd(scene.X, thread: 0),
            () => scene.X.Drop(0));
    }

    private static Scene DropAgainstLookUp()
    {
        var scene = new CacheTypeScene();
        var handle = scene.WithX();
        return scene.Play(
            () => CacheTypeScene.RequireCounts(scene.X, 1, 1),
            () => scene.LookUp(scene.X),
            () => scene.LookUp(scene.X, handle),
            () => Requirement.That(scene.X.Drop(0), "the page was there"));
    }

    private static Scene DropAgainstReclaim()
    {
        var scene = new CacheTypeScene();
        scene.WithX();
        var done = new int[2];
        return scene.Play(
            () =>
            {
                Requirement.Equal(done[0] + done[1], 1, "C2: one takes the page out");
                CacheTypeScene.RequireCounts(scene.X, 1, 1);
            },
            () => done[0] = scene.X.Drop(0) ? 1 : 0,
            () => done[1] = scene.Cache.Reclaim(1));
    }

    private static Scene CleanAgainstChange()
    {
        var scene = new CacheTypeScene(frames: 2, cleans: true);
        scene.WithChangedX();
        return scene.Play(
            () => RequireCleanedInTheEnd(scene),
            () => scene.X.Mapping.WriteBackAll(),
            () => scene.ChangeX(Later));
    }

    private static Scene CleanFailsAgainstChange()
    {
        var scene = new CacheTypeScene(frames: 2, cleans: true, failures: 1);
        scene.WithChangedX();
        return scene.Play(
            () =>
            {
                Requirement.Equal(scene.Cache.Statistics.DirtyPages, 1, "C11: a page that wasn't cleaned is dirty, once");

                // The first time may fail here: the page was being changed before.
                scene.X.Mapping.WriteBackAll();
                RequireCleanedInTheEnd(scene);
            },
            () => scene.X.Mapping.WriteBackAll(),
            () => scene.ChangeX(Later));
    }

    private static Scene CleanAgainstDrop()
    {
        var scene = new CacheTypeScene(frames: 2, cleans: true) { MayLoseChanges = true };
        scene.WithChangedX();
        return scene.Play(
            () => Requirement.Equal(scene.Cache.Statistics.DirtyPages, 0, "a page that is gone isn't dirty"),
            () => scene.X.Mapping.WriteBackAll(),
            () =>
            {
                scene.X.Drop(0);
                Content.Write(ref scene.Word(0), 1);
            });
    }

    private static Scene ReclaimAgainstChange()
    {
        var scene = new CacheTypeScene(frames: 2, cleans: true);
        scene.WithX();
        var isChanged = false;
        return scene.Play(
            () =>
            {
                scene.X.Mapping.WriteBackAll();
                Requirement.Equal(scene.Cleaned, isChanged ? Later : 0, "C11: what was changed is cleaned");
            },
            () => scene.Cache.Reclaim(1),
            () =>
            {
                isChanged = scene.ChangeX(Later);
                scene.X.Mapping.WriteBackAll();
            });
    }

    private static Scene DisposeAgainstConstruct()
    {
        var scene = new CacheTypeScene();
        return scene.Play(
            () => Requirement.Equal(scene.Cache.Statistics.PagesInUse, 0, "nothing of a type that is disposed stays"),
            scene.X.Dispose,
            () =>
            {
                try
                {
                    scene.GetOrAdd(scene.X, thread: 1);
                }
                catch (ObjectDisposedException)
                {
                }
            });
    }

    private static void RequireCleanedInTheEnd(CacheTypeScene scene)
    {
        scene.X.Mapping.WriteBackAll();
        Requirement.Equal(scene.Cleaned, Later, "C7: the last content is cleaned in the end");
        Requirement.Equal(scene.Cache.Statistics.DirtyPages, 0, "then nothing is dirty");
    }
}
