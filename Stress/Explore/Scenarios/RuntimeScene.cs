using System.Runtime.InteropServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>A whole runtime of a few frames, with a cache of objects that take the same frames as its folios in turn.</summary>
internal sealed class RuntimeScene : FolioScene
{
    /// <summary>What an object holds from its constructor on. No folio's stamp is like it.</summary>
    public const ulong OfObjects = 0x5858_5858;

    private RuntimeScene(SceneMemory memory, PoolRuntime runtime, bool withCache)
        : base(memory, runtime)
    {
        Runtime = runtime;
        if (withCache)
        {
            // One slot to a slab of both frames.
            var options = new SlabCacheOptions { ThreadCacheCapacity = 0, EmptySlabsKept = 0, Discipline = SlabDiscipline.Shared, SlabOrder = 1 };
            Objects = runtime.CreateByteCache(
                "objects",
                2 * PageOrder.FrameBytes,
                options,
                static bytes => MemoryMarshal.Write(bytes, OfObjects),
                bytes => Destroyed.Add(MemoryMarshal.Read<ulong>(bytes)));
        }
    }

    public PoolRuntime Runtime { get; }

    public SlabCache Objects { get; } = null!;

    /// <summary>What the objects' destructor was given.</summary>
    public List<ulong> Destroyed { get; } = [];

    public int ObjectsMade { get; set; }

    public static RuntimeScene Create(int frames = 2, int maxOrder = 1, int generationBits = 3, bool withCache = false, bool tablesGoBack = false, TimeProvider? time = null)
    {
        var memory = new SceneMemory { TableDiscardsAreSteps = tablesGoBack };
        var runtime = new PoolRuntime(
            new PoolRuntimeOptions
            {
                CapacityBytes = (long)frames * PageOrder.FrameBytes,
                ReservationBytes = (long)frames * PageOrder.FrameBytes,
                MaxOrder = maxOrder,
                ThreadPageCapacity = 0,
                GenerationBits = generationBits,
                FirstGeneration = 1,
                TrimInterval = Timeout.InfiniteTimeSpan,
                TimeProvider = time ?? TimeProvider.System,
            },
            memory,
            memory);
        return new RuntimeScene(memory, runtime, withCache);
    }

    /// <summary>Makes an object, if there is room, finds it as it was constructed, and puts it.</summary>
    /// <returns>Its handle; the default if there was no room.</returns>
    public SlabHandle MakeAndDropObject()
    {
        if (!Objects.TryAllocate(out var made))
            return default;
        ObjectsMade++;
        var handle = made.Handle;
        Requirement.Equal(Content.Read(ref MemoryMarshal.AsRef<ulong>(made.Bytes)), OfObjects, "L2: an object is as its constructor left it");
        made.Dispose();
        return handle;
    }

    /// <summary>Looks an object up, and finds it as it was constructed while it is held.</summary>
    public bool LookUpObject(SlabHandle handle)
    {
        if (!Objects.TryGet(handle, out var found))
            return false;
        Requirement.Equal(Content.Read(ref MemoryMarshal.AsRef<ulong>(found.Bytes)), OfObjects, "L2: an object that is held is as its constructor left it");
        found.Dispose();
        return true;
    }

    /// <summary>Every object was destroyed once, by its own destructor, and every folio is gone.</summary>
    public void RequireAllEnded()
    {
        Requirement.Equal(Destroyed.Count, ObjectsMade, "L1: each object is destroyed once");
        Requirement.That(Destroyed.TrueForAll(value => value == OfObjects), "L1: the destructor gets what the constructor made");
        RequireEnded();
    }

    /// <summary>After the end: nothing new is to be had, and no frame keeps what was in it.</summary>
    public void RequireGivenBack()
    {
        Requirement.That(Runtime.IsDisposed, "the runtime is disposed");
        Requirement.That(!TryRent(1, out _), "a disposed runtime hands out nothing");
        for (uint frame = 0; frame < Pages.CommittedFrames; frame++)
        {
            Requirement.Equal(ContentOf(frame), 0ul, "L8: a frame that nobody uses is given back at the end");
            Requirement.Equal(ContentOf(frame, 1), 0ul, "L8: a frame that nobody uses is given back at the end");
        }
    }
}
