using System.Runtime.InteropServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// Folios in a few frames, by default one folio of order 1, which is neither from nor for threads' lists. Each is stamped with its handle, in the first
/// two words of its first frame or of each, so that whoever holds or reads one knows whose content it sees.
/// </summary>
internal class FolioScene : FrameScene
{
    private readonly List<Violation> _violations = [];
    private readonly List<FolioHandle> _handles = [];

    public FolioScene(int frames = 2, int maxOrder = 1, int generationBits = 3, int listCapacity = 0, bool zero = true)
        : base(frames, maxOrder, listCapacity)
    {
        var log = new ViolationLog();
        log.Reported += _violations.Add;
        Generations = new GenerationSpace(generationBits, 1);
        Folios = new FolioAllocator(Pages, Generations, log, new FolioAllocatorOptions { ZeroOnAllocate = zero });
    }

    protected FolioScene(SceneMemory memory, PoolRuntime runtime)
        : base(memory, _ => runtime.Pages)
    {
        runtime.ViolationDetected += _violations.Add;
        Generations = new GenerationSpace(runtime.Options.GenerationBits, 1);
        Folios = runtime.Folios;
    }

    public GenerationSpace Generations { get; }

    public FolioAllocator Folios { get; }

    /// <summary>Stamps, and looks at, each frame of a folio, not only its first.</summary>
    public bool EveryFrame { get; init; }

    /// <summary>What was reported so far.</summary>
    public IReadOnlyList<Violation> Violations => _violations;

    /// <summary>What a folio's words hold once its owner has stamped it.</summary>
    public static ulong StampOf(FolioHandle handle) => (1ul << 63) | ((ulong)handle.Frame << 32) | handle.Generation;

    /// <summary>Rents a folio and stamps it, if there is room.</summary>
    public bool TryRent(int order, out FolioHandle handle)
    {
        if (!Folios.TryRent(new PageOrder(order), out handle))
            return false;
        _handles.Add(handle);
        Requirement.Equal(Content.Read(ref ContentOf(handle.Frame)), 0ul, "L7: a folio is zeroed when it is handed out");
        Write(handle, order, StampOf(handle));
        return true;
    }

    /// <summary>For setting the scene: rents a folio that is there.</summary>
    public FolioHandle Rent(int order = 1)
    {
        Requirement.That(TryRent(order, out var handle), "the scene has a folio to begin with");
        return handle;
    }

    /// <summary>For setting the scene: takes references, each to be put by somebody.</summary>
    public void Hold(FolioHandle handle, int references = 1)
    {
        for (var i = 0; i < references; i++)
            Requirement.That(Folios.TryGet(handle, out _), "the scene's folio can be got");
    }

    /// <summary>For setting the scene: a folio of which there are only references, all given out here.</summary>
    public FolioHandle Referenced(int references, int order = 1)
    {
        var handle = Rent(order);
        Hold(handle, references);
        Folios.Return(handle);
        return handle;
    }

    /// <summary>For setting the scene: a handle whose folio is gone.</summary>
    public FolioHandle Gone(int order = 1)
    {
        var handle = Rent(order);
        Folios.Return(handle);
        return handle;
    }

    /// <summary>Rents, finds its own content in the folio throughout, and returns it.</summary>
    public bool RentLookReturn(int order = 1)
    {
        if (!TryRent(order, out var handle))
            return false;
        Look(handle, order);
        Requirement.That(Folios.TryReturn(handle), "the owner's return succeeds");
        return true;
    }

    /// <summary>Gets a folio, finds its own content in it while it is held, and puts it.</summary>
    public FolioOutcome GetLookPut(FolioHandle handle, int order = 1)
    {
        var outcome = Folios.Get(handle, out var folio);
        if (outcome != FolioOutcome.Done)
            return outcome;
        Requirement.Equal(folio.Order.Value, order, "L2: the folio got is the handle's own");
        Look(handle, order);
        folio.Dispose();
        return outcome;
    }

    /// <summary>The content of a folio that somebody holds is its own.</summary>
    public void Look(FolioHandle handle, int order = 1)
    {
        for (uint frame = 0; frame < StampedFrames(order); frame++)
            Requirement.Equal(Content.Read(ref ContentOf(handle.Frame + frame)), StampOf(handle), "L2: a folio that is held keeps its content");
    }

    /// <summary>Changes the first two words.</summary>
    public void Write(FolioHandle handle, int order, ulong value)
    {
        for (uint frame = 0; frame < StampedFrames(order); frame++)
        {
            Content.Write(ref ContentOf(handle.Frame + frame), value);
            Content.Write(ref ContentOf(handle.Frame + frame, 1), value);
        }
    }

    /// <summary>Reads the first two words of a frame without holding it. What is read is one content, and on failure nothing is shown.</summary>
    public FolioOutcome Read(FolioHandle handle, out ulong value, int offsetBytes = 0)
    {
        Span<ulong> words = [ulong.MaxValue, ulong.MaxValue];
        var outcome = Folios.Read(handle, offsetBytes, MemoryMarshal.AsBytes(words));
        value = words[0];
        Requirement.Equal(words[1], value, outcome == FolioOutcome.Done ? "a read is of one content" : "nothing is shown of a read that failed");
        Requirement.That(outcome == FolioOutcome.Done || value == 0, "nothing is shown of a read that failed");
        return outcome;
    }

    public int Count(ViolationKind kind) => _violations.Count(violation => violation.Kind == kind);

    /// <summary>Every folio that was handed out is gone for good, and all frames are there.</summary>
    public void RequireEnded(int allocated = 0)
    {
        foreach (var handle in _handles)
        {
            Requirement.Equal(Folios.Get(handle, out _), FolioOutcome.Stale, "L3: a freed folio is never got again");
            Requirement.Equal(Read(handle, out _), FolioOutcome.Stale, "L3: a freed folio is never read again");
            Requirement.That(!Folios.IsOwned(handle), "L1: nobody owns a freed folio");
        }

        Requirement.Equal(Folios.Statistics.Allocated, Folios.Statistics.Freed, "L1: each folio is freed once");
        RequireWhole(allocated);
    }

    private uint StampedFrames(int order) => EveryFrame ? 1u << order : 1;
}
