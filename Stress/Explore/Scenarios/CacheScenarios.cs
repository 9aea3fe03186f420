using FolioRuntime.Exploration.Engine;
using FolioRuntime.PageCaching;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Pages of files that are looked up, filled, given up and dropped at the same time.</summary>
internal static class CacheScenarios
{
    private const string Subject = "page cache";

    // Latches, the buddy's and the table's: an execution is long, and all orders are many.
    private const int MostSteps = 3000;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Of("cache-lookup-against-reinsert", "A page gives way to one of another file, in the same frame, while it is looked up.", LookUpAgainstReinsert, 2, 3, 14) with { Weak = Reach.Preemptions(1) },
        Of("cache-read-against-reinsert", "A page gives way to one of another file, in the same frame, while it is read optimistically.", ReadAgainstReinsert, 2, 3, 15) with { Weak = Reach.Preemptions(2) },
        Of("cache-copy-against-reinsert", "The same, while more of it is read than registers hold.", CopyAgainstReinsert, 2, 3, 15),
        Of("cache-lookup-against-reclaim", "A page is given up while two look it up: who gets it has it until he puts it.", LookUpAgainstReclaim, 2, 11),
        Of("cache-freeze-against-spurious-reference", "A page is given up while somebody tries the handle of a folio that was in its frame before.", FreezeAgainstSpurious, 2, 11),
        Of("cache-references-fall", "A page that somebody holds is dropped while it is looked up: once it is off the index nobody gets it any more.", ReferencesFall, 3) with { Weak = Reach.Preemptions(3) },
        Of("cache-fill-by-two", "Two miss a page: one reads it, and both see it.", FillByTwo, 2, 13),
        Of("cache-fill-fails", "Two miss a page, and its first read fails: nothing of it stays, and who waited for it fails too.", FillFails, 2),
        Of("cache-fill-against-lookup", "A page is looked up and read while it is filled: it is found complete or not at all.", FillAgainstLookUp, 2, 13),
        Of("cache-refill-against-reclaim", "A page is given up while somebody misses it and fills it anew.", RefillAgainstReclaim, 2),
        Of("cache-reclaim-by-two", "Two give up the only page at once.", ReclaimByTwo, 2),
        Of("cache-invalidate-against-reclaim", "A page is dropped and given up at once: one of the two takes it out.", InvalidateAgainstReclaim, 2),
        Of("cache-invalidate-against-reinsert", "A page is dropped while it gives way to one of another file, in the same frame: the other is none of the drop's business.", InvalidateAgainstReinsert, 2),
        Of("cache-fill-in-place-against-reclaim", "A page that is filled in the frame of another, and is in the table already, is given up: not before it is there.", FillInPlaceAgainstReclaim, 2),
        Of("cache-punch-against-fill", "A page becomes a hole while it is filled: what it was is not seen any more.", PunchAgainstFill, 2, 16),
        Of("cache-ahead-against-fill", "A page is read ahead while somebody misses it: one of the two reads it, and the other waits, or leaves it alone.", AheadAgainstFill, 2),
        Of("cache-ahead-against-truncate", "A page that is read ahead is cut off, and there again as zeros: what it was is not seen any more.", AheadAgainstTruncate, 2, 16),
        Of("cache-ahead-against-dispose", "A mapping is disposed while a page of it is read ahead: nothing of it stays.", AheadAgainstDispose, 2, 19),
        Of("cache-truncate-against-read", "A page is cut off while it is read: a read that begins afterwards sees none of it.", TruncateAgainstRead, 2, 16) with { Weak = Reach.Preemptions(2) },
        Of("cache-truncate-against-fill", "A page is cut off, and there again as zeros, while it is filled: what it was is not seen any more.", TruncateAgainstFill, 2, 16),
        Of("cache-truncate-grown-against-fill", "A part of a page is cut off while it is filled, and then there again: it is zeros.", CutAgainstFill, 2, 16),
        Of("cache-dispose-against-fill", "A mapping is disposed while a page of it is filled: nothing of it stays, and its store is disposed once, after the read.", DisposeAgainstFill, 2, 19),
        Of("cache-dispose-between-fills", "A mapping was disposed while two pages of it are filled, of which one can't be read: nothing of either stays, whichever fill ends last and ends the mapping.", DisposeBetweenFills, 2, 19),
    ];

    private static Scenario Of(string name, string about, Func<Scene> make, int preemptions, params int[] hazards) => new(name, about, make)
    {
        Subject = Subject,
        Invariants = ["L1", "L2", "L3", "L8"],
        Hazards = hazards,
        Sequential = Reach.Preemptions(preemptions),
        MostSteps = MostSteps,
    };

    private static Scene LookUpAgainstReinsert()
    {
        var scene = new CacheScene();
        scene.With(scene.A);
        return scene.Play(
            () => { },
            () => scene.LookUp(scene.A),
            () => FillIfThereIsRoom(scene));
    }

    private static Scene ReadAgainstReinsert() => ReadAgainstReinsert(words: 2);

    private static Scene CopyAgainstReinsert() => ReadAgainstReinsert(words: 10);

    private static Scene ReadAgainstReinsert(int words)
    {
        var scene = new CacheScene();
        scene.With(scene.A);
        return scene.Play(
            () => Requirement.That(scene.ReadCached(scene.B), "nobody held the other's frame"),
            () => scene.ReadCached(scene.A, length: words),
            () => FillIfThereIsRoom(scene));
    }

    private static Scene LookUpAgainstReclaim()
    {
        var scene = new CacheScene();
        scene.With(scene.A);
        return scene.Play(
            () => { },
            () => scene.LookUp(scene.A),
            () => scene.LookUp(scene.A),
            () => scene.Cache.Reclaim(1));
    }

    private static Scene FreezeAgainstSpurious()
    {
        var scene = new CacheScene();
        var before = scene.Gone();
        scene.With(scene.A);
        return scene.Play(
            () => { },
            () => Requirement.That(!scene.Folios.TryGet(before, out _), "L3: a folio that is gone is not got"),
            () => scene.LookUp(scene.A),
            () => scene.Cache.Reclaim(1));
    }

    private static Scene ReferencesFall()
    {
        var scene = new CacheScene();
        var handle = scene.Hold(scene.A);
        var isGot = false;
        return scene.Play(
            () =>
            {
                // One is the scene's own; the look-up's is still held.
                Requirement.That(!isGot || scene.Word(0) >= 2, "C3: once a page is off the index its references only fall");
                if (isGot)
                    scene.Drop(handle);
                scene.Drop(handle);
            },
            () => isGot = scene.A.TryGetFolio(0, out _),
            () =>
            {
                scene.A.Invalidate(0, 1);
                Content.Write(ref scene.Word(0), scene.Folios.ReferencesOf(handle));
            });
    }

    private static Scene FillByTwo()
    {
        var scene = new CacheScene();
        return scene.Play(
            () =>
            {
                Requirement.Equal(scene.StoreOfA.Reads, 1, "C4: a page is read once");
                scene.Waited(0);
                scene.Waited(1);
                Requirement.That(scene.LookUp(scene.A), "the page is there");
            },
            () => scene.LookUpOrFill(scene.A, 0, thread: 0),
            () => scene.LookUpOrFill(scene.A, 0, thread: 1));
    }

    private static Scene FillFails()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2, failures: 1);
        return scene.Play(
            () =>
            {
                var waited = scene.Waited(0, inVain: true) | scene.Waited(1, inVain: true);
                Requirement.Equal(scene.StoreOfA.Reads, waited ? 1 : 2, "C4: who waited hasn't read");
                Requirement.Equal(scene.Cache.Statistics.PagesInUse, waited ? 0 : 1, "C4: nothing of a failed fill stays");
            },
            () => Fill(0),
            () => Fill(1));

        void Fill(int thread)
        {
            try
            {
                scene.LookUpOrFill(scene.A, 0, thread);
            }
            catch (IOException)
            {
            }
        }
    }

    private static Scene FillAgainstLookUp()
    {
        var scene = new CacheScene();
        return scene.Play(
            () => Requirement.That(scene.LookUp(scene.A), "the page is there"),
            () => scene.LookUpOrFill(scene.A, 0, thread: 0),
            () => scene.LookUp(scene.A),
            () => scene.ReadCached(scene.A));
    }

    private static Scene RefillAgainstReclaim()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2);
        scene.With(scene.A);
        return scene.Play(
            () => { },
            () => scene.LookUpOrFill(scene.A, 0, thread: 0),
            () => scene.Cache.Reclaim(1));
    }

    private static Scene ReclaimByTwo()
    {
        var scene = new CacheScene();
        scene.With(scene.A);
        var done = new int[2];
        return scene.Play(
            () => Requirement.Equal(done[0] + done[1], 1, "C2: one takes the page out"),
            () => done[0] = scene.Cache.Reclaim(1),
            () => done[1] = scene.Cache.Reclaim(1));
    }

    private static Scene InvalidateAgainstReclaim()
    {
        var scene = new CacheScene();
        scene.With(scene.A);
        return scene.Play(
            () => Requirement.That(!scene.LookUp(scene.A), "the page is gone"),
            () => scene.A.Invalidate(0, 1),
            () => scene.Cache.Reclaim(1));
    }

    private static Scene InvalidateAgainstReinsert()
    {
        var scene = new CacheScene();
        scene.With(scene.A);
        return scene.Play(
            () => Requirement.That(!scene.LookUp(scene.A), "the page is gone"),
            () => scene.A.Invalidate(0, 1),
            () => FillIfThereIsRoom(scene));
    }

    private static Scene FillInPlaceAgainstReclaim()
    {
        var scene = new CacheScene();
        scene.With(scene.A);
        return scene.Play(
            () => { },
            () => FillIfThereIsRoom(scene),
            () => scene.Cache.Reclaim(1));
    }

    private static Scene PunchAgainstFill()
    {
        var scene = new CacheScene { MayBeZero = true };
        return scene.Play(
            () =>
            {
                Span<byte> word = stackalloc byte[sizeof(ulong)];
                Requirement.Equal(scene.A.Read(0, word), word.Length, "the page is as long as it was");
                Requirement.Equal(BitConverter.ToUInt64(word), 0ul, "what became a hole is not seen any more");
            },
            () => scene.A.PunchHole(0, PageOrder.FrameBytes),
            () => scene.LookUpOrFill(scene.A, 0, thread: 1));
    }

    private static Scene AheadAgainstFill()
    {
        var scene = new CacheScene();
        return scene.Play(
            () =>
            {
                Requirement.Equal(scene.StoreOfA.Reads, 1, "C4: a page is read once");
                scene.Waited(1);
                Requirement.That(scene.LookUp(scene.A), "the page is there");
            },
            () => scene.ReadAhead(scene.A),
            () => scene.LookUpOrFill(scene.A, 0, thread: 1));
    }

    private static Scene AheadAgainstTruncate()
    {
        var scene = new CacheScene { MayBeZero = true };
        return scene.Play(
            () =>
            {
                Span<byte> word = stackalloc byte[sizeof(ulong)];
                Requirement.Equal(scene.A.Read(0, word), word.Length, "the page is there again");
                Requirement.Equal(BitConverter.ToUInt64(word), 0ul, "what was cut off is not seen any more");
            },
            () =>
            {
                scene.A.Truncate(0);
                scene.A.Truncate(PageOrder.FrameBytes);
            },
            () => scene.ReadAhead(scene.A));
    }

    private static Scene AheadAgainstDispose()
    {
        var scene = new CacheScene();
        return scene.Play(
            () => Requirement.Equal(scene.Cache.Statistics.PagesInUse, 0, "nothing of a mapping that is disposed stays"),
            scene.A.Dispose,
            () => scene.ReadAhead(scene.A));
    }

    private static Scene TruncateAgainstRead()
    {
        var scene = new CacheScene();
        scene.With(scene.A);
        return scene.Play(
            () => Requirement.That(!scene.LookUp(scene.A), "the page is gone"),
            () =>
            {
                scene.A.Truncate(0);
                Content.Write(ref scene.Word(0), 1);
            },
            () =>
            {
                var isOver = Content.Read(ref scene.Word(0)) != 0;
                var isRead = scene.ReadCached(scene.A);
                Requirement.That(!isOver || !isRead, "a read that begins after a truncation sees nothing that it cut off");
            });
    }

    private static Scene TruncateAgainstFill()
    {
        var scene = new CacheScene { MayBeZero = true };
        return scene.Play(
            () =>
            {
                Span<byte> word = stackalloc byte[sizeof(ulong)];
                Requirement.Equal(scene.A.Read(0, word), word.Length, "the page is there again");
                Requirement.Equal(BitConverter.ToUInt64(word), 0ul, "what was cut off is not seen any more");
            },
            () =>
            {
                scene.A.Truncate(0);
                scene.A.Truncate(PageOrder.FrameBytes);
            },
            () => scene.LookUpOrFill(scene.A, 0, thread: 1));
    }

    private static Scene CutAgainstFill()
    {
        var scene = new CacheScene { MayBeZero = true };
        return scene.Play(
            () =>
            {
                scene.A.Truncate(PageOrder.FrameBytes);
                Span<byte> words = stackalloc byte[2 * sizeof(ulong)];
                Requirement.Equal(scene.A.Read(0, words), words.Length, "the page is whole again");
                Requirement.Equal(BitConverter.ToUInt64(words[sizeof(ulong)..]), 0ul, "what was cut off is not seen any more");
            },
            () => scene.A.Truncate(sizeof(ulong)),
            () => scene.LookUpOrFill(scene.A, 0, thread: 1));
    }

    private static Scene DisposeAgainstFill()
    {
        var scene = new CacheScene();
        return scene.Play(
            () => Requirement.Equal(scene.Cache.Statistics.PagesInUse, 0, "nothing of a mapping that is disposed stays"),
            scene.A.Dispose,
            () =>
            {
                try
                {
                    scene.LookUpOrFill(scene.A, 0, thread: 1);
                }
                catch (ObjectDisposedException)
                {
                }
            });
    }

    private static Scene DisposeBetweenFills()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2, pages: 2, failures: 1);
        scene.A.Join(0, out var first);
        scene.A.Join(1, out var second);
        scene.A.Dispose();
        return scene.Play(
            () => Requirement.Equal(scene.Cache.Statistics.PagesInUse, 0, "nothing of a mapping that is disposed stays"),
            () => Fill(first!),
            () => Fill(second!));

        void Fill(PageFill fill)
        {
            try
            {
                scene.A.FillPage(fill, out _);
            }
            catch (IOException)
            {
                // The first of the two reads.
            }
        }
    }

    private static void FillIfThereIsRoom(CacheScene scene)
    {
        try
        {
            scene.LookUpOrFill(scene.B, 0, thread: 1);
        }
        catch (OutOfMemoryException)
        {
            // The only frame is held by whoever looks the other page up, or is given up by somebody at this moment.
        }
    }
}
