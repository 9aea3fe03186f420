extern alias instrumented;

using System.Runtime.InteropServices;
using FolioRuntime.Race.Controls;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;
using ViolationKind = instrumented::FolioRuntime.Lifetimes.ViolationKind;

namespace FolioRuntime.Race.Hazards;

/// <summary>A cache is disposed while threads rent, use and return: objects that are out stay whole, and at last all memory comes back.</summary>
internal sealed class EndingScene : HazardScene
{
    public const int ObjectBytes = 256;

    private const int Turns = 12;

    private readonly bool _isWrong;
    private readonly InstrumentedRuntime? _runtime;
    private IEndingCache _cache;

    public EndingScene(HazardSetting setting)
        : base(setting.Referee, Turns)
    {
        _isWrong = setting.Variant == HazardVariant.Control;
        if (setting.IsSubject)
        {
            _runtime = new InstrumentedRuntime(new InstrumentedOptions { CapacityBytes = 64 << 10, ReservationBytes = 64 << 10, MaxOrder = 0, TrimInterval = Timeout.InfiniteTimeSpan });
            _runtime.ViolationDetected += violation => Referee.Require(violation.Kind == ViolationKind.OutstandingAtDispose, violation.ToString());
        }

        _cache = Create();
    }

    public override void Turn(Hand hand)
    {
        Span<ulong> handles = stackalloc ulong[4];
        var rented = 0;
        while (rented < handles.Length && _cache.TryRent(out handles[rented]))
            MemoryMarshal.Write(_cache.Content(handles[rented]), ~handles[rented++]);
        if (hand.Index == 0 && hand.OnceIn(Turns))
            _cache.End();
        Atomics.ReadBarrier();
        hand.Operations += 1 + (2 * rented);
        foreach (var handle in handles[..rented])
        {
            Referee.Require(MemoryMarshal.Read<ulong>(_cache.Content(handle)) == ~handle, "an object changed under its renter when its cache was disposed");
            Referee.Require(_cache.TryReturn(handle), "an owner's return was refused");
        }
    }

    public override void CloseRound(Hand hand)
    {
        _cache.End();
        Referee.Require(_cache.PagesLeft == 0, $"{_cache.PagesLeft} pages are left of a cache that was disposed and has no object out");
        _cache = Create();
    }

    public override void Dispose()
    {
        _cache.End();
        _runtime?.Dispose();
    }

    private IEndingCache Create() => _runtime is null ? new WrongEndingCache(_isWrong) : new RuntimeEndingCache(_runtime);
}
