using System.Globalization;
using System.Runtime.CompilerServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// A page allocator of a few frames. Whoever has a frame writes into its first word who it is, so that a frame handed out twice, or given back to the
/// system under its user, shows.
/// </summary>
internal class FrameScene : IDisposable
{
    private readonly SceneMemory _memory;

    public FrameScene(int frames, int maxOrder = 0, int listCapacity = 0, int listBatch = 2, int? capacityFrames = null, bool commitsAreSteps = false)
        : this(new SceneMemory { CommitsAreSteps = commitsAreSteps }, memory => new PageAllocator(
            new PageArena(memory, memory, new PageArenaOptions { ReservationBytes = (long)frames * PageOrder.FrameBytes, MaxOrder = maxOrder }),
            new PageAllocatorOptions { ThreadListCapacity = listCapacity, ThreadListBatch = listBatch, CapacityFrames = capacityFrames ?? frames }))
    {
    }

    protected FrameScene(SceneMemory memory, Func<SceneMemory, PageAllocator> create)
    {
        _memory = memory;
        Pages = create(memory);
    }

    public PageAllocator Pages { get; }

    public SceneMemory Memory => _memory;

    public string State
    {
        get
        {
            var words = Enumerable.Range(0, (int)Pages.CommittedFrames).Select(frame => string.Create(
                CultureInfo.InvariantCulture,
                $"{Explorer.ShowWord(FrameOf((uint)frame).Word)} {FrameOf((uint)frame).State} {FrameOf((uint)frame).Order} unfit {FrameOf((uint)frame).UnfitFor}"));
            return string.Join("; ", words);
        }
    }

    /// <summary>Makes the scene of threads over this.</summary>
    public Scene Play(Action check, params Action[] threads) => Play(check, [], threads);

    /// <summary>The same with preludes, which are the threads' own.</summary>
    public Scene Play(Action check, Action?[] preludes, params Action[] threads) => new(threads)
    {
        Preludes = preludes,
        Check = check,
        State = () => State,
        Close = Dispose,
        EndsMatter = true,
        Names = NamesOfWords(),
    };

    public ref PageFrame FrameOf(uint frame) => ref Pages.Frames.Frame(frame);

    /// <summary>A word of a frame's content.</summary>
    // SAFETY: scenes name frames that are committed; the memory is this scene's until it is disposed.
    public unsafe ref ulong ContentOf(uint frame, int word = 0) => ref ((ulong*)Pages.Arena.Address(new FrameNumber(frame)))[word];

    /// <summary>Takes a block, if there is one, for this user, who finds nobody else in it.</summary>
    public bool TryTake(int order, FrameUses use, ulong user, out FrameNumber frame)
    {
        if (!Pages.TryAllocate(order, use, out frame))
            return false;
        Occupy(frame, 1 << order, user);
        return true;
    }

    public void Occupy(FrameNumber frame, int frameCount, ulong user)
    {
        Requirement.That(frame.Value + frameCount <= Pages.Frames.CommittedFrames, "a block lies in committed frames");
        for (var i = 0; i < frameCount; i++)
        {
            ref var word = ref ContentOf((frame + i).Value);
            Requirement.Equal(Content.Read(ref word), 0ul, "L8: nobody is in a frame that is handed out");
            Content.Write(ref word, user);
        }
    }

    /// <summary>The user of a block finds itself in it, and leaves; the caller then frees it.</summary>
    public void Leave(FrameNumber frame, int frameCount, ulong user)
    {
        for (var i = 0; i < frameCount; i++)
        {
            ref var word = ref ContentOf((frame + i).Value);
            Requirement.Equal(Content.Read(ref word), user, "L2: a frame is its user's until it is freed");
            Content.Write(ref word, 0);
        }
    }

    /// <summary>Takes a block if there is one, and gives it back.</summary>
    public bool TakeAndFree(int order, ulong user, FrameUses use = FrameUses.Folio)
    {
        if (!TryTake(order, use, user, out var frame))
            return false;
        Leave(frame, 1 << order, user);
        Pages.Free(frame, order);
        return true;
    }

    /// <summary>L8: lists, table and counts agree, and so many frames are allocated.</summary>
    public void RequireWhole(int allocated = 0)
    {
        Requirement.That(Pages.IsValid(), "L8: the blocks tile the frames, and the lists agree");
        var cached = 0;
        var retired = 0;
        for (uint frame = 0; frame < Pages.CommittedFrames; frame++)
        {
            cached += FrameOf(frame).State == FrameState.Cached ? 1 : 0;
            retired += FrameOf(frame).State == FrameState.Retired ? 1 : 0;
        }

        for (var frame = (uint)Pages.CommittedFrames; frame < Pages.Frames.FrameCount; frame++)
            Requirement.Equal(UncommittedWord(frame), 0ul, "L6: nothing touches the entry of a frame that is not there");
        Requirement.Equal(Pages.CachedFrames, cached, "L8: frames in threads' lists, each once");
        Requirement.Equal(Pages.RetiredFrames, retired, "L8: retired frames");
        Requirement.Equal(Pages.CommittedFrames - retired - Pages.FreeFrames, allocated, "L8: frames neither free nor retired");
        Requirement.That(Pages.CommittedFrames - retired <= Pages.CapacityFrames, "L8: no more than the capacity");
    }

    public void Dispose()
    {
        _memory.Dispose();
        GC.SuppressFinalize(this);
    }

    // SAFETY: a scene's memory is there whether it is committed or not.
    private unsafe ulong UncommittedWord(uint frame) => ((PageFrame*)Pages.Frames.FramesBase)[frame].Word;

    private Dictionary<nint, (string Name, Func<ulong, string>? Show)> NamesOfWords()
    {
        var names = new Dictionary<nint, (string Name, Func<ulong, string>? Show)>();
        for (uint frame = 0; frame < Pages.CommittedFrames; frame++)
        {
            names[AddressOf(ref FrameOf(frame).Word)] = ($"word of frame {frame}", Explorer.ShowWord);
            names[AddressOf(ref FrameOf(frame).Sequence)] = ($"sequence of {frame}", null);
            names[AddressOf(ref FrameOf(frame).Flags)] = ($"flags of {frame}", null);
            names[AddressOf(ref ContentOf(frame))] = ($"content of {frame}", null);
            names[AddressOf(ref ContentOf(frame, 1))] = ($"content of {frame}, 2nd", null);
        }

        return names;
    }

    // SAFETY: native memory doesn't move; the address is only compared.
    private static unsafe nint AddressOf<T>(ref T word) => (nint)Unsafe.AsPointer(ref word);
}
