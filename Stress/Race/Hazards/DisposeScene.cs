extern alias instrumented;

using System.Buffers;
using System.Runtime.InteropServices;
using FolioRuntime.Race.Controls;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;
using ViolationKind = instrumented::FolioRuntime.Lifetimes.ViolationKind;

namespace FolioRuntime.Race.Hazards;

/// <summary>Memory owners are disposed by two threads at once, as a pipe's two ends may: no block may have two renters after that.</summary>
internal sealed class DisposeScene : HazardScene
{
    private const int Blocks = 4;

    private readonly InstrumentedRuntime? _runtime;
    private readonly MemoryPool<byte> _pool;
    private readonly IMemoryOwner<byte>?[] _offered;

    public DisposeScene(HazardSetting setting)
        : base(setting.Referee, turnsPerRound: 64)
    {
        _offered = new IMemoryOwner<byte>?[setting.Threads];
        if (setting.IsSubject)
        {
            _runtime = new InstrumentedRuntime(new InstrumentedOptions { CapacityBytes = 1 << 20, ReservationBytes = 1 << 20, MaxOrder = 6, TrimInterval = Timeout.InfiniteTimeSpan });
            _runtime.ViolationDetected += violation => Referee.Require(violation.Kind == ViolationKind.DoubleDispose, violation.ToString());
            _pool = _runtime.CreateMemoryPool();
        }
        else
        {
            _pool = new WrongMemoryPool(setting.Variant == HazardVariant.Control);
        }
    }

    public override void Turn(Hand hand)
    {
        if (hand.Index % 2 == 1)
        {
            hand.Operations++;
            Volatile.Read(ref _offered[hand.Index - 1])?.Dispose();
            return;
        }

        var mine = Enumerable.Range(0, Blocks).Select(_ => _pool.Rent()).ToList();
        foreach (var owner in mine)
            MemoryMarshal.Write(owner.Memory.Span, Stamp(hand, owner));
        Atomics.ReadBarrier();
        foreach (var owner in mine)
        {
            Referee.Require(MemoryMarshal.Read<long>(owner.Memory.Span) == Stamp(hand, owner), "a block has two renters");
            Volatile.Write(ref _offered[hand.Index], owner);
            owner.Dispose();
        }

        hand.Operations += 2 * Blocks;
    }

    public override void CloseRound(Hand hand) => Array.Clear(_offered);

    public override void Dispose()
    {
        _pool.Dispose();
        _runtime?.Dispose();
    }

    private static long Stamp(Hand hand, IMemoryOwner<byte> owner) => ((long)hand.Index << 32) | (uint)owner.GetHashCode();
}
