extern alias instrumented;

using System.Numerics;
using FolioRuntime.Tests.Properties;
using instrumented::FolioRuntime.Pages;
using instrumented::FolioRuntime.Platform;
using instrumented::FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Pages;

/// <summary>A few threads on one instrumented page allocator of a few frames, and the history of what they were answered.</summary>
internal class PagesPlay
{
    public const int Threads = 3;
    public const int Frames = 8;
    private const int MaxOrder = 2;

    private readonly History<PageCall, uint?> _history = new();
    private readonly List<(uint Frame, int Order)>[] _held = [[], [], []];

    public PagesPlay(int listCapacity)
    {
        var memory = VirtualMemory.ForThisSystem();
        var arena = new PageArena(memory, memory, new PageArenaOptions { ReservationBytes = Frames * PageOrder.FrameBytes, MaxOrder = MaxOrder });
        Pages = new PageAllocator(arena, new PageAllocatorOptions { ThreadListCapacity = listCapacity, ThreadListBatch = 2 });
    }

    protected PageAllocator Pages { get; }

    /// <summary>What an actor does: its steps, one after the other.</summary>
    public Action PartOf(int thread, IEnumerable<Step> program) => () =>
    {
        foreach (var step in program.Where(step => step.Thread == thread && step.Kind != StepKind.Turn).Take(Linearizability.MostCalls / Threads))
            Do(thread, step);
    };

    /// <summary>Fails unless the answers can be explained and what is left agrees with them.</summary>
    public void RequireExplained()
    {
        var left = Pages.AllocatedFrames - FramesKept;
        if (!Linearizability.Explains(_history.Calls, new SequentialPages(Frames), taken => BitOperations.PopCount(taken) == left) || !Pages.IsValid())
            Assert.Fail($"{left} frames are left allocated, and no order explains{Environment.NewLine}{string.Join(Environment.NewLine, _history.Calls.OrderBy(call => call.Begin))}");
    }

    /// <summary>Frames that the allocator counts as allocated and no thread has.</summary>
    protected virtual long FramesKept => 0;

    protected virtual uint? Allocate(int order) => Pages.TryAllocate(order, FrameUses.Folio, out var frame) ? frame.Value : null;

    protected virtual void Free(uint frame, int order) => Pages.Free(new FrameNumber(frame), order);

    private void Do(int thread, Step step)
    {
        var held = _held[thread];
        if (step.Kind == StepKind.Allocate)
        {
            var order = step.Number % (MaxOrder + 1);
            if (_history.Record(thread, new PageCall(PageCallKind.Allocate, order, 0), () => Allocate(order)) is { } frame)
                held.Add((frame, order));
        }
        else if (step.Kind == StepKind.Free && held.Count > 0)
        {
            var block = held[step.Number % held.Count];
            held.Remove(block);
            _history.Record(thread, new PageCall(PageCallKind.Free, block.Order, block.Frame), () =>
            {
                Free(block.Frame, block.Order);
                return null;
            });
        }
        else if (step.Kind == StepKind.Trim)
        {
            _history.Record(thread, new PageCall(PageCallKind.Trim, 0, 0), () =>
            {
                Pages.Trim();
                return null;
            });
        }
    }

    public enum StepKind
    {
        Allocate,
        Free,
        Trim,
        Turn,
    }

    /// <summary>Something for a thread to do; or its turn to pass a number of places.</summary>
    public sealed record Step(StepKind Kind, int Thread, int Number)
    {
        public override string ToString() => Kind == StepKind.Turn ? $"thread {Thread} passes {Number} places" : $"thread {Thread}: {Kind} {Number}";
    }
}
