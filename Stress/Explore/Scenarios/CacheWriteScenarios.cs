using FolioRuntime.Exploration.Engine;
using FolioRuntime.PageCaching;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Pages of files that are written to, and written to their store, while others read, cut off, reclaim and flush.</summary>
internal static class CacheWriteScenarios
{
    private const ulong First = 0x1111_0000_0000_0001;
    private const ulong Second = 0x2222_0000_0000_0002;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Of("cache-read-against-write", "A page is read optimistically while it is written to: what is read is one content.", ReadAgainstWrite, 3, 15, 16) with { Weak = Reach.Preemptions(1) },
        Of("cache-write-against-writeback", "A dirty page is written to while it is being written: the store gets one content, and the last one in the end.", WriteAgainstWriteback, 2),
        Of("cache-write-against-write", "Two write to a clean page: it is dirty once, and one content.", WriteAgainstWrite, 2),
        Of("cache-write-against-truncate", "A page is cut through, and there again, while it is written to: cache and store agree.", WriteAgainstTruncate, 2, 16),
        Of("cache-write-against-drop", "A page is cut off while it is written to: it is written before that or after it.", WriteAgainstDrop, 2, 16),
        Of("cache-write-against-invalidate", "A page is dropped as outdated while it is written to: what is written stays.", WriteAgainstInvalidate, 2),
        Of("cache-truncate-against-writeback", "A page is cut off while it is being written: nothing of it comes to the store afterwards.", TruncateAgainstWriteback, 2, 16),
        Of("cache-flush-against-writeback", "A page is being written while somebody flushes: he returns when it is there.", FlushAgainstWriteback, 2),
        Of("cache-reclaim-against-dirty", "A page is given up while it is written to: a dirty one stays.", ReclaimAgainstDirty, 2),
        Of("cache-dispose-against-write", "A mapping is disposed while a page is written to: what was written is on the store, or the writer is told.", DisposeAgainstWrite, 2, 19),
        Of("cache-write-missing-against-read", "A page that isn't there is written as a whole while it is read: what it was or what it becomes is read, nothing else.", WriteMissingAgainstRead, 2, 13),
        Of("cache-write-missing-against-truncate", "A page that isn't there is written as a whole while it is cut off: cache and store agree.", WriteMissingAgainstTruncate, 2, 16),
        Of("cache-error-against-two-openers", "A write to the store fails while two flush: each is told once.", ErrorAgainstTwoOpeners, 2),
        Of("cache-error-against-check", "Errors are recorded while they are looked for: the last one is told, once.", ErrorAgainstCheck, 3) with { Weak = Reach.Preemptions(3) },
        Of("cache-error-behind-an-unseen-one", "An error is recorded while the one before it, which nobody has seen, is looked for: it is told too.", ErrorBehindUnseen, 3) with { Sequential = Reach.Everything, Weak = Reach.Everything },
        Of("cache-kick-against-flusher", "Memory is short while the flusher ends: what becomes dirty before is written.", KickAgainstFlusher, 2) with { Weak = Reach.Preemptions(1) },
        Of("cache-age-against-write", "A page becomes dirty while what is too old is written: the timer is set for it, or it is written too.", AgeAgainstWrite, 2) with { Weak = Reach.Preemptions(1) },
        Of("cache-age-against-dispose", "A cache is disposed while what is too old is written: it is written once, and the store is disposed afterwards.", AgeAgainstDispose, 2, 19),
    ];

    private static Scenario Of(string name, string about, Func<Scene> make, int preemptions, params int[] hazards) => new(name, about, make)
    {
        Subject = "page cache",
        Invariants = ["L2", "L8"],
        Hazards = hazards,
        Sequential = Reach.Preemptions(preemptions),
        MostSteps = 3000,
    };

    private static Scene ReadAgainstWrite()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2) { Written = First };
        scene.With(scene.A);
        return scene.Play(
            () => Requirement.Equal(scene.ReadWords(), (First, First), "what was written is read"),
            () => scene.ReadCached(scene.A),
            () => CacheScene.Write(scene.A, First));
    }

    private static Scene WriteAgainstWriteback()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2).Dirty(First);
        return scene.Play(
            () =>
            {
                scene.A.WriteBackAll();
                Requirement.Equal(scene.StoreOfA.Word(0, 0), Second, "C7: the last content is written in the end");
                Requirement.Equal(scene.Cache.Statistics.DirtyPages, 0, "then nothing is dirty");
            },
            () => CacheScene.Write(scene.A, Second),
            () => scene.A.WriteBackAll());
    }

    private static Scene WriteAgainstWrite()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2);
        scene.With(scene.A);
        return scene.Play(
            () =>
            {
                var (first, second) = scene.ReadWords();
                Requirement.That(first == second && first is First or Second, "a page is written to by one at a time");
                Requirement.Equal(scene.Cache.Statistics.DirtyPages, 1, "C6: a page is dirty once");
            },
            () => CacheScene.Write(scene.A, First),
            () => CacheScene.Write(scene.A, Second));
    }

    private static Scene WriteAgainstTruncate()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2) { MayBeZero = true };
        scene.StoreOfA.MayBeCut = true;
        scene.With(scene.A);
        return scene.Play(
            () =>
            {
                var (first, second) = scene.ReadWords();
                Requirement.Equal(first, First, "what was written before the cut stays");
                Requirement.That(second is 0 or First, "what is cut off is zero, unless it was written afterwards");
                scene.A.WriteBackAll();
                Requirement.Equal(scene.StoreOfA.Word(0, 1), second, "C8: the store has what the cache has");
            },
            () => CacheScene.Write(scene.A, First),
            () =>
            {
                scene.A.Truncate(sizeof(ulong));
                var length = scene.A.LengthBytes;
                scene.A.Truncate(PageOrder.FrameBytes);
                Requirement.That(length is sizeof(ulong) or 2 * sizeof(ulong), "a mapping ends where it was cut off, or where it was written to since");
            });
    }

    private static Scene WriteAgainstDrop()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2);
        scene.With(scene.A);
        return scene.Play(
            () =>
            {
                var length = scene.A.LengthBytes;
                Requirement.That(length is 0 or 2 * sizeof(ulong), "it is written before it is cut off, or after");
                if (length > 0)
                    Requirement.Equal(scene.ReadWords(), (First, First), "what is written after the cut stays");
                scene.A.WriteBackAll();
                Requirement.Equal(scene.StoreOfA.Word(0, 0), length > 0 ? First : 0, "C8: the store has what the cache has");
            },
            () => CacheScene.Write(scene.A, First),
            () => scene.A.Truncate(0));
    }

    private static Scene WriteAgainstInvalidate()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2);
        scene.With(scene.A);
        return scene.Play(
            () => Requirement.Equal(scene.ReadWords(), (First, First), "C6: what was written stays until it is on the store"),
            () => CacheScene.Write(scene.A, First),
            () => scene.A.Invalidate(0, 1));
    }

    private static Scene TruncateAgainstWriteback()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2) { MayBeZero = true }.Dirty(First);
        return scene.Play(
            () =>
            {
                scene.A.WriteBackAll();
                Requirement.Equal(scene.StoreOfA.Word(0, 0), 0ul, "C8: nothing that was cut off comes to the store");
                Requirement.Equal(scene.ReadWords(), (0ul, 0ul), "nor is it read");
            },
            () =>
            {
                scene.A.Truncate(0);
                scene.A.Truncate(PageOrder.FrameBytes);
            },
            () => scene.A.WriteBack());
    }

    private static Scene FlushAgainstWriteback()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2).Dirty(First);
        return scene.Play(
            () => { },
            () =>
            {
                scene.A.Flush();
                Requirement.Equal(scene.StoreOfA.Word(0, 1), First, "a flush returns when all is on the store");
            },
            () => scene.A.WriteBack());
    }

    private static Scene ReclaimAgainstDirty()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2);
        scene.With(scene.A);
        return scene.Play(
            () => Requirement.Equal(scene.ReadWords(), (First, First), "C6: a dirty page is nobody's victim"),
            () => CacheScene.Write(scene.A, First),
            () => scene.Cache.Reclaim(1));
    }

    private static Scene DisposeAgainstWrite()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2);
        scene.With(scene.A);
        var isWritten = false;
        return scene.Play(
            () => Requirement.That(!isWritten || scene.StoreOfA.Word(0, 0) == First, "what was written is on the store at the end"),
            scene.A.Dispose,
            () =>
            {
                try
                {
                    CacheScene.Write(scene.A, First);
                    isWritten = true;
                }
                catch (ObjectDisposedException)
                {
                }
            });
    }

    private static Scene WriteMissingAgainstRead()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2) { Written = First };
        return scene.Play(
            () =>
            {
                Requirement.Equal(scene.ReadWords(), (First, First), "what was written is read");
                scene.A.WriteBackAll();
                Requirement.Equal(scene.StoreOfA.Word(0, 1), First, "C6: and is on the store in the end");
            },
            () => CacheScene.WritePage(scene.A, First),
            () =>
            {
                scene.ReadCached(scene.A);
                scene.LookUp(scene.A);
            },
            () => scene.Cache.Reclaim(1));
    }

    private static Scene WriteMissingAgainstTruncate()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2);
        return scene.Play(
            () =>
            {
                var length = scene.A.LengthBytes;
                Requirement.That(length is 0 or PageOrder.FrameBytes, "it is written before it is cut off, or after");
                if (length > 0)
                    Requirement.Equal(scene.ReadWords(), (First, First), "what is written after the cut stays");
                scene.A.WriteBackAll();
                Requirement.Equal(scene.StoreOfA.Word(0, 0), length > 0 ? First : 0, "C8: the store has what the cache has");
            },
            () => CacheScene.WritePage(scene.A, First),
            () => scene.A.Truncate(0));
    }

    private static Scene ErrorAgainstTwoOpeners()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2, writeFailures: 1).Dirty(First);
        PageOpener[] openers = [scene.A.AddOpener(), scene.A.AddOpener()];
        var told = new int[2];
        return scene.Play(
            () =>
            {
                Flush(0);
                Flush(1);
                Requirement.Equal((told[0], told[1]), (1, 1), "C9: each opener is told once");
            },
            () => Flush(0),
            () => Flush(1));

        void Flush(int opener)
        {
            try
            {
                openers[opener].Flush();
            }
            catch (IOException)
            {
                told[opener]++;
            }
        }
    }

    private static Scene ErrorBehindUnseen()
    {
        var scene = new CacheScene();
        var errors = new ErrorSequence();
        IOException[] recorded = [new("first"), new("second")];
        errors.Record(recorded[0]);
        var cursor = 0ul;
        Exception? last = null;
        return scene.Play(
            () =>
            {
                Look();
                Requirement.That(ReferenceEquals(last, recorded[1]), "C9: the last error is told");
                last = null;
                Look();
                Requirement.That(last is null, "C9: and once");
            },
            () => errors.Record(recorded[1]),
            Look);

        void Look() => last = errors.CheckAndAdvance(ref cursor) ?? last;
    }

    private static Scene KickAgainstFlusher()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2).Dirty(First);
        return scene.Play(
            () =>
            {
                scene.RunFlusher();
                Requirement.Equal(scene.Cache.Statistics.DirtyPages, 0, "what was dirty when it was asked for is written");
                Requirement.Equal(scene.StoreOfA.Word(0, 0), Second, "C7: the last content");
            },
            () =>
            {
                CacheScene.Write(scene.A, Second);
                scene.Cache.Writeback.Flusher.Kick(1);
            },
            () =>
            {
                scene.Cache.Writeback.Flusher.Kick(1);
                scene.RunFlusher();
            });
    }

    private static Scene AgeAgainstWrite()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2, ages: true).Dirty(First);
        return scene.Play(
            () => Requirement.That(scene.Clock.IsSet || scene.Cache.Statistics.DirtyPages == 0, "while a page is dirty the timer is set"),
            () => CacheScene.Write(scene.A, Second),
            scene.Clock.Fire);
    }

    private static Scene AgeAgainstDispose()
    {
        var scene = new CacheScene(frames: 2, capacityPages: 2, ages: true).Dirty(First);
        return scene.Play(
            () =>
            {
                Requirement.Equal(scene.StoreOfA.Word(0, 0), First, "what was dirty is on the store");
                Requirement.Equal(scene.StoreOfA.Writes, 1, "and was written once");
            },
            scene.Cache.Dispose,
            scene.Clock.Fire);
    }

    private static Scene ErrorAgainstCheck()
    {
        var scene = new CacheScene();
        var errors = new ErrorSequence();
        IOException[] recorded = [new("first"), new("second")];
        var cursors = new ulong[2];
        var last = new Exception?[2];
        return scene.Play(
            () =>
            {
                for (var reader = 0; reader < 2; reader++)
                {
                    Look(reader);
                    Requirement.That(ReferenceEquals(last[reader], recorded[1]), "C9: the last error is told to everybody");
                    last[reader] = null;
                    Look(reader);
                    Requirement.That(last[reader] is null, "C9: and once");
                }
            },
            () =>
            {
                errors.Record(recorded[0]);
                errors.Record(recorded[1]);
            },
            () => Look(0),
            () => Look(1));

        void Look(int reader) => last[reader] = errors.CheckAndAdvance(ref cursors[reader]) ?? last[reader];
    }
}
