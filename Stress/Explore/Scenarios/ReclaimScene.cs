using System.Runtime.InteropServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;
using FolioRuntime.Reclaiming;
using FolioRuntime.Slabs;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>A page allocator of one frame, always below its high watermark, with a reclaimer in front and a shrinker that only says when it is asked.</summary>
internal sealed unsafe class ReclaimScene : TimeProvider, IShrinker, IMemoryPressure, IDisposable
{
    private readonly SceneMemory _memory = new();
    private readonly ulong* _over = (ulong*)NativeMemory.AllocZeroed(sizeof(ulong));
    private readonly ulong* _wrong = (ulong*)NativeMemory.AllocZeroed(sizeof(ulong));
    private readonly ShrinkerRegistration _registration;

    public ReclaimScene()
    {
        var pages = new PageAllocator(
            new PageArena(_memory, _memory, new PageArenaOptions { ReservationBytes = PageOrder.FrameBytes, MaxOrder = 0 }),
            new PageAllocatorOptions { ThreadListCapacity = 0, CapacityFrames = 1, LowFrames = 2, HighFrames = 2 });
        var violations = new ViolationLog();
        violations.Reported += violation => Asked = int.MinValue;
        Reclaimer = new Reclaimer(new SlabRegistry(pages, pages.Frames, new GenerationSpace(3, 1), violations));
        _registration = Reclaimer.Shrinkers.Add("scene", this);
    }

    public Reclaimer Reclaimer { get; }

    public SceneTimer Timer { get; private set; } = null!;

    /// <summary>How often the shrinker was asked. For checks, and where one thread asks at a time.</summary>
    public int Asked { get; private set; }

    /// <summary>Makes the reclaimer in the background, whose timer is the scene's.</summary>
    public BackgroundReclaimer InBackground() => new(Reclaimer, TimeSpan.FromHours(1), this, this);

    /// <summary>Ends the shrinker's registration. From then on whoever is asked says so.</summary>
    public void DisposeShrinker()
    {
        _registration.Dispose();
        Content.Write(ref *_over, 1);
    }

    /// <summary>An allocation that has found nothing, and takes the steps that there are before it fails.</summary>
    public void ReclaimDirectly()
    {
        var reclaim = new DirectReclaim(Reclaimer.Pages);
        while (reclaim.TryFreeSome())
        {
        }

        reclaim.Dispose();
    }

    public Scene Play(Action check, params Action[] threads) => new(threads)
    {
        Check = () =>
        {
            Requirement.Equal(*_wrong, 0ul, "no shrinker is asked after its registration was disposed");
            Requirement.That(!ReclaimScope.IsActive, "nobody stays inside");
            Requirement.That(Asked >= 0, "no shrinker fails");
            check();
        },
        State = () => $"{Asked} asked",
        Close = Dispose,
        Names = new() { [(nint)_over] = ("over", null), [(nint)_wrong] = ("wrong", null) },
    };

    public long Count()
    {
        Asked++;
        Look();
        return 1;
    }

    public long Scan(long count)
    {
        Look();
        return 0;
    }

    public MemoryPressureSigns Read() => MemoryPressureSigns.None;

    public override long GetTimestamp() => 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Timer = new SceneTimer(() => callback(state));

    public void Dispose()
    {
        NativeMemory.Free(_over);
        NativeMemory.Free(_wrong);
        _memory.Dispose();
    }

    private void Look()
    {
        if (Content.Read(ref *_over) != 0)
            Content.Write(ref *_wrong, 1);
    }
}
