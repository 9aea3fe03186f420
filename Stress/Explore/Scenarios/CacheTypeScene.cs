using System.Runtime.InteropServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Folios;
using FolioRuntime.PageCaching;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// A page cache over a few frames, with two types of pages and a file. A page begins with its stamp, twice, from its constructor on; its destructor must find that, or what it was changed into, and leaves another word, so
/// that whoever is shown another page, or one that is gone, knows; and so does a destructor that is run on a page of another type, or twice.
/// </summary>
internal sealed unsafe class CacheTypeScene
{
    /// <summary>What a destructor leaves.</summary>
    public const ulong Destroyed = 0xDEAD_DEAD;

    /// <summary>What a page of X is changed into.</summary>
    public const ulong Changed = 0x7777_0000_0000_0001;

    private const int CleanedWord = 0;
    private const int CleansWord = 1;

    private readonly RuntimeScene _runtime;
    private readonly SceneStore[] _stores = [new SceneStore(3, 1)];

    // Steps are made of these: what the last page that was cleaned had, how often that was tried, and what the threads tell each other.
    private readonly ulong* _words = (ulong*)NativeMemory.AllocZeroed(8, sizeof(ulong));
    private readonly Task?[] _waiting = new Task?[4];

    /// <param name="frames">Frames, and pages of the cache.</param>
    /// <param name="cleans">X is cleaned.</param>
    /// <param name="failures">How often that fails first.</param>
    public CacheTypeScene(int frames = 1, bool cleans = false, int failures = 0)
    {
        _runtime = RuntimeScene.Create(frames, maxOrder: 0);
        Cache = _runtime.Runtime.CreatePageCache(new PageCacheOptions
        {
            CapacityPages = frames,
            Policy = static capacity => new ScenePolicy(capacity),
            TellHits = false,
            ReadaheadPages = 0,
            DirtyBackgroundPercent = 100,
            DirtyPercent = 100,
            DirtyExpire = Timeout.InfiniteTimeSpan,
            LongestReclaimWait = TimeSpan.Zero,
            QueueFlusher = static _ => { },
        });
        X = Cache.AddType(new PageTypeOptions { Name = "X", Construct = Construct(1), Destroy = Destroy(1), Clean = cleans ? (_, content) => CleanX(content, failures) : null });
        Y = Cache.AddType(new PageTypeOptions { Name = "Y", Construct = Construct(2), Destroy = Destroy(2) });
        File = Cache.Open(_stores[0]);
    }

    public PageCache Cache { get; }

    public PageType X { get; }

    public PageType Y { get; }

    public PageMapping File { get; }

    public FolioAllocator Folios => _runtime.Folios;

    /// <summary>X may be destroyed while it has something that wasn't cleaned: it is dropped, or isn't cleaned at all.</summary>
    public bool MayLoseChanges { get; init; }

    /// <summary>What was cleaned last.</summary>
    public ulong Cleaned => Content.Read(ref _words[CleanedWord]);

    public ref ulong Word(int word) => ref _words[2 + word];

    /// <summary>For setting the scene: a page of X that is in the cache.</summary>
    public FolioHandle WithX(long key = 0)
    {
        var page = X.GetOrAdd(key);
        var handle = page.Handle;
        page.Dispose();
        return handle;
    }

    /// <summary>For setting the scene: the same, changed.</summary>
    public FolioHandle WithChangedX()
    {
        var handle = WithX();
        ChangeX(Changed);
        return handle;
    }

    /// <summary>Gets a page by its key, if it is there, and finds its own content in it as long as it is held.</summary>
    public bool LookUp(PageType type, long key = 0)
    {
        if (!type.TryGet(key, out var page))
            return false;
        Look(type, key, page);
        page.Dispose();
        return true;
    }

    /// <summary>The same by a handle, which may be any page's.</summary>
    public bool LookUp(PageType type, FolioHandle handle, long key = 0)
    {
        if (!type.TryGet(handle, out var page))
            return false;
        Look(type, key, page);
        page.Dispose();
        return true;
    }

    /// <summary>Reads the two words of a page without a reference, if it is there.</summary>
    public bool Read(PageType type, long key = 0)
    {
        Span<ulong> words = [0, 0];
        if (!type.TryRead(key, 0, MemoryMarshal.AsBytes(words)))
            return false;
        RequireOwn(type, key, words[0]);
        Requirement.Equal(words[1], words[0], "C5: what is read is one content");
        return true;
    }

    /// <summary>Changes a page of X, if it is there.</summary>
    public bool ChangeX(ulong stamp, long key = 0)
    {
        if (!X.TryGet(key, out var page))
            return false;
        var isChanged = X.TryChange(page, out var change);
        if (isChanged)
        {
            var words = MemoryMarshal.Cast<byte, ulong>(change.Content);
            Content.Write(ref words[0], stamp);
            Content.Write(ref words[1], stamp);
        }

        change.Dispose();
        page.Dispose();
        return isChanged;
    }

    /// <summary>Constructs a page if it isn't there and nobody else does, and if there is room. Who would have to wait leaves a note instead.</summary>
    /// <returns>Whether it was the caller who constructed it.</returns>
    public bool GetOrAdd(PageType type, int thread, long key = 0)
    {
        if (LookUp(type, key))
            return false;
        var role = type.Mapping.Join(key, out var fill, toWrite: true);
        if (role == FillRole.Wait)
            _waiting[thread] = fill!.Ended;
        if (role != FillRole.Read)
            return false;
        try
        {
            if (!type.Mapping.Construct(fill!, out var page, out _))
                return false;
            Look(type, key, page);
            page.Dispose();
            return true;
        }
        catch (OutOfMemoryException)
        {
            // The only frame is held by somebody, or given up at this moment.
            return false;
        }
    }

    /// <summary>Reads the file's page, if there is room.</summary>
    public void FillFile()
    {
        if (File.Join(0, out var fill) != FillRole.Read)
            return;
        try
        {
            if (File.FillPage(fill!, out var folio))
                folio.Dispose();
        }
        catch (OutOfMemoryException)
        {
        }
    }

    /// <summary>Whether a thread had to wait, for a construction that must have ended.</summary>
    public bool Waited(int thread)
    {
        Requirement.That(_waiting[thread] is not { IsCompleted: false }, "C4: who waits for a page is told");
        return _waiting[thread] is not null;
    }

    /// <summary>So many pages of a type were constructed, and so many of these are destroyed.</summary>
    public static void RequireCounts(PageType type, int constructed, int destroyed)
    {
        Requirement.Equal((int)type.Statistics.Constructed, constructed, "C10: pages that were constructed");
        Requirement.Equal((int)type.Statistics.Destroyed, destroyed, "C10: pages that were destroyed");
    }

    public Scene Play(Action check, params Action[] threads)
    {
        var scene = _runtime.Play(Check, threads);
        return new Scene(threads)
        {
            Check = scene.Check,
            State = () => $"{Cache.Statistics.PagesInUse} in use; {_runtime.State}",
            Close = () =>
            {
                scene.Close!();
                _stores[0].Free();
                NativeMemory.Free(_words);
            },
            EndsMatter = true,
            Names = scene.Names,
        };

        void Check()
        {
            check();
            Requirement.That(Cache.Table.IsValid(), "C2, C10: table, indices, folios and their types agree");
            Cache.Dispose();
            Requirement.Equal(Cache.Statistics.PagesInUse, 0, "C2: pages in use after the end");
            foreach (var type in (PageType[])[X, Y])
                Requirement.Equal((int)type.Statistics.Destroyed, (int)type.Statistics.Constructed, "C10: each page that was constructed is destroyed once");
            Requirement.Equal(_runtime.Violations.Count, 0, "nothing is reported");
            _runtime.RequireEnded();
        }
    }

    private static ulong StampOf(ulong type, long key) => (type << 32) | (ulong)(key + 1);

    private static PageAction Construct(ulong type) => (key, content) =>
    {
        var words = MemoryMarshal.Cast<byte, ulong>(content);
        Content.Write(ref words[0], StampOf(type, key));
        Content.Write(ref words[1], StampOf(type, key));
    };

    private PageAction Destroy(ulong type) => (key, content) =>
    {
        var words = MemoryMarshal.Cast<byte, ulong>(content);
        for (var word = 0; word < 2; word++)
        {
            var found = Content.Read(ref words[word]);
            if (type == 1 && found >= Changed)
                Requirement.That(MayLoseChanges || found == Cleaned, "C11: what was changed is cleaned before it goes");
            else
                Requirement.Equal(found, StampOf(type, key), "C10, L1: a destructor is run once, on a page of its own type");
            Content.Write(ref words[word], Destroyed);
        }
    };

    private void CleanX(ReadOnlySpan<byte> content, int failures)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(content);
        Requirement.Equal(words[1], words[0], "C7: what is cleaned is one content");
        Requirement.Equal(Content.Read(ref Word(0)), 0ul, "C8: nothing is cleaned after the drop");
        var cleans = Content.Read(ref _words[CleansWord]);
        Content.Write(ref _words[CleansWord], cleans + 1);
        if ((int)cleans < failures)
            throw new IOException("the scene's page can't be cleaned");
        Content.Write(ref _words[CleanedWord], words[0]);
    }

    private void Look(PageType type, long key, FolioReference page)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(page.Bytes);
        RequireOwn(type, key, Content.Read(ref words[0]));
        RequireOwn(type, key, Content.Read(ref words[1]));
    }

    private void RequireOwn(PageType type, long key, ulong found)
    {
        if (type != X || found < Changed)
            Requirement.Equal(found, StampOf(type == X ? 1ul : 2ul, key), "C10, C1: a page shows its own content, and none that is gone");
    }
}
