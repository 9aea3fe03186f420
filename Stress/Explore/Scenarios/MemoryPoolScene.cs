using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Harness;
using FolioRuntime.Integrations.Pipelines;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>A memory pool with blocks of a page, of which there is one or two.</summary>
internal sealed class MemoryPoolScene
{
    private readonly RecycledMemory _memory = new();
    private readonly List<Violation> _violations = [];
    private int _refused;
    private PoolRuntime Runtime { get; }

    public MemoryPoolScene(int blocks)
    {
        Runtime = new PoolRuntime(
            new PoolRuntimeOptions
            {
                CapacityBytes = blocks * 4096,
                ReservationBytes = blocks * 4096,
                MaxOrder = 0,
                ThreadPageCapacity = 0,
                FirstGeneration = 1,
                CacheDefaults = new SlabCacheOptions { ThreadCacheCapacity = 0, EmptySlabsKept = 0 },
                TrimInterval = Timeout.InfiniteTimeSpan,
            },
            _memory,
            _memory);
        Runtime.ViolationDetected += _violations.Add;
        Pool = Runtime.CreateMemoryPool();
    }

    public SlabMemoryPool Pool { get; }

    /// <summary>A rent, unless the pool is disposed; what is rented is nobody else's.</summary>
    public void RentAndDispose(ulong mark)
    {
        try
        {
            using var owner = Pool.Rent();
            Use(owner.Memory, mark);
        }
        catch (ObjectDisposedException)
        {
            // The other right answer.
        }
    }

    /// <summary>Writes into a block and reads it again, while it is the caller's.</summary>
    public static void Use(Memory<byte> memory, ulong mark)
    {
        using var pin = memory.Pin();
        ref var word = ref WordAt(pin);
        Content.Write(ref word, mark);
        Requirement.Equal(Content.Read(ref word), mark, "a block has one user");
    }

    /// <summary>Retains a block as a pipe's reader would; null: refused, since it has been given back.</summary>
    public RetainedSequence? Retain(Memory<byte> memory)
    {
        RetainedSequence? retained = null;
        Try(() => retained = PipeSegment.SequenceOf(memory).Retain());
        return retained;
    }

    /// <summary>Reads what is retained, if it still is, through memory that was got before.</summary>
    public static void Read(ReadOnlyMemory<byte> memory, ulong mark) =>
        Requirement.Equal(Content.Read(ref Unsafe.As<byte, ulong>(ref MemoryMarshal.GetReference(memory.Span))), mark, "retained bytes stay as they were");

    /// <summary>Reads what is retained and releases it.</summary>
    public static void ReadAndRelease(RetainedSequence? retained, ulong mark)
    {
        if (retained is null)
            return;
        Read(retained.Sequence.First, mark);
        retained.Dispose();
    }

    /// <summary>The same under a pin, if that doesn't come too late.</summary>
    public void TryReadPinned(ReadOnlyMemory<byte> memory, ulong mark) => Try(() =>
    {
        using var pin = memory.Pin();
        Requirement.Equal(Content.Read(ref WordAt(pin)), mark, "retained bytes stay as they were under a pin");
    });

    /// <summary>Does what may come too late; says whether it did.</summary>
    public bool Try(Action use)
    {
        try
        {
            use();
            return true;
        }
        catch (ObjectDisposedException)
        {
            _refused++;
            return false;
        }
    }

    /// <param name="threads">What the threads do.</param>
    /// <param name="check">What else must hold at the end.</param>
    /// <param name="doubleDisposes">Double disposes that must have been reported.</param>
    public Scene Play(Action[] threads, Action? check = null, int doubleDisposes = 0)
    {
        return new Scene(threads)
        {
            Check = Check,
            State = () => $"{Pool.FallbackCount} arrays, {_violations.Count} violations",
            Close = Close,
            EndsMatter = true,
        };

        void Check()
        {
            check?.Invoke();
            Requirement.That(Pool.Cache.Store.IsValid(), "the slabs' lists and counts agree");
            Requirement.Equal(Pool.Cache.Statistics().ActiveObjects, 0, "blocks with users");
            Requirement.Equal(_violations.Count(violation => violation.Kind == ViolationKind.DoubleDispose), doubleDisposes, "double disposes reported");
            Requirement.Equal(_violations.Count(violation => violation.Kind == ViolationKind.UseAfterRelease), _refused, "uses that were refused are reported");
            Requirement.That(
                _violations.All(violation => violation.Kind is ViolationKind.DoubleDispose or ViolationKind.UseAfterRelease or ViolationKind.OutstandingAtDispose),
                "no other violation");
            Runtime.Dispose();
            Requirement.Equal(Runtime.Pages.Snapshot().AllocatedFrames, 0, "L8: frames still allocated");
        }
    }

    private void Close()
    {
        Runtime.Dispose();
        _memory.GiveBack();
    }

    // SAFETY: the pin keeps the block, whose memory doesn't move.
    private static unsafe ref ulong WordAt(in MemoryHandle pin) => ref *(ulong*)pin.Pointer;
}
