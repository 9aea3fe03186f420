using FolioRuntime.Exploration.Engine;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Folios of two pages that are looked up, read, given up, cut through and dropped page by page at the same time.</summary>
internal static class CacheLargeScenarios
{
    private const ulong Written = 0x1111_0000_0000_0001;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Of("cache-large-lookup-against-reinsert", "A folio of two pages gives way to one of another file, in the same frames, while its second page is looked up.", LookUpAgainstReinsert, 2, 3, 14),
        Of("cache-large-read-against-reinsert", "The same, while its second page is read optimistically.", ReadAgainstReinsert, 2, 3, 15),
        Of("cache-large-read-against-write", "The second page of a folio is read optimistically while it is written to: what is read is one content.", ReadAgainstWrite, 2, 15),
        Of("cache-large-write-against-reclaim", "A folio is given up while its second page is written to: with a dirty page it stays.", WriteAgainstReclaim, 2),
        Of("cache-large-truncate-against-read", "A folio is cut off after its first page while both are read: a read that begins afterwards sees none of the second, and the first stays.", TruncateAgainstRead, 2, 16),
        Of("cache-large-fill-against-invalidate", "A page is dropped while its folio is filled: it doesn't come in, and the other one does.", FillAgainstInvalidate, 2),
        Of("cache-large-drop-against-reclaim", "The pages of a folio are dropped by two while it is given up: one takes it out.", DropAgainstReclaim, 2),
    ];

    private static Scenario Of(string name, string about, Func<Scene> make, int preemptions, params int[] hazards) => new(name, about, make)
    {
        Subject = "page cache",
        Invariants = ["L1", "L2", "L3", "L8"],
        Hazards = hazards,
        Sequential = Reach.Preemptions(preemptions),
        MostSteps = 3000,
    };

    private static CacheScene TwoPages(int frames = 2) => new(frames, capacityPages: frames, pages: 2, largestOrder: 1);

    private static Scene LookUpAgainstReinsert()
    {
        var scene = TwoPages();
        scene.WithLarge(scene.A);
        return scene.Play(
            () => { },
            () => scene.LookUp(scene.A, 1),
            () => scene.ReadAhead(scene.B, pages: 2));
    }

    private static Scene ReadAgainstReinsert()
    {
        var scene = TwoPages();
        scene.WithLarge(scene.A);
        return scene.Play(
            () => Requirement.That(scene.ReadCached(scene.B, 1), "nobody held the other's frames"),
            () => scene.ReadCached(scene.A, 1),
            () => scene.ReadAhead(scene.B, pages: 2));
    }

    private static Scene ReadAgainstWrite()
    {
        var scene = TwoPages();
        scene.Written = Written;
        scene.WithLarge(scene.A);
        return scene.Play(
            () => Requirement.That(scene.ReadCached(scene.A, 1) && scene.ReadCached(scene.A), "both pages are there"),
            () => scene.ReadCached(scene.A, 1),
            () => CacheScene.Write(scene.A, Written, index: 1));
    }

    private static Scene WriteAgainstReclaim()
    {
        var scene = TwoPages(frames: 4);
        scene.Written = Written;
        scene.WithLarge(scene.A);
        return scene.Play(
            () =>
            {
                Requirement.That(scene.LookUp(scene.A, 1), "C6: what was written is there");
                scene.A.WriteBackAll();
                Requirement.Equal(scene.StoreOfA.Word(1, 0), Written, "and comes to the store");
            },
            () => CacheScene.Write(scene.A, Written, index: 1),
            () => scene.Cache.Reclaim(1));
    }

    private static Scene TruncateAgainstRead()
    {
        var scene = TwoPages();
        scene.WithLarge(scene.A);
        return scene.Play(
            () => Requirement.That(scene.LookUp(scene.A) && !scene.LookUp(scene.A, 1), "the first page is there, and the second gone"),
            () =>
            {
                scene.A.Truncate(PageOrder.FrameBytes);
                Content.Write(ref scene.Word(0), 1);
            },
            () =>
            {
                var isOver = Content.Read(ref scene.Word(0)) != 0;
                var both = new byte[2 * PageOrder.FrameBytes];
                var read = scene.A.ReadCached(0, 0, both);
                Requirement.That(read >= PageOrder.FrameBytes, "the first page stays");
                Requirement.That(!isOver || read == PageOrder.FrameBytes, "C3: a read that begins after a truncation sees nothing that it cut off, in a folio that stays either");
                Requirement.That(!isOver || !scene.ReadCached(scene.A, 1), "nor does an optimistic one");
            });
    }

    private static Scene FillAgainstInvalidate()
    {
        var scene = TwoPages();
        return scene.Play(
            () => Requirement.That(scene.LookUp(scene.A), "the first page is there"),
            () => scene.ReadAhead(scene.A, pages: 2),
            () => scene.A.Invalidate(PageOrder.FrameBytes, 1));
    }

    private static Scene DropAgainstReclaim()
    {
        var scene = TwoPages();
        scene.WithLarge(scene.A);
        return scene.Play(
            () => Requirement.That(!scene.LookUp(scene.A) && !scene.LookUp(scene.A, 1), "both pages are gone"),
            () => scene.A.Invalidate(0, 1),
            () => scene.A.Invalidate(PageOrder.FrameBytes, 1),
            () => scene.Cache.Reclaim(1));
    }
}
