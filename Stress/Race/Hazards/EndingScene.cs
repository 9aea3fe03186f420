extern alias instrumented;

using System.Collections.Concurrent;
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
    private const int Objects = 64;

    private const int Batch = 4;

    private readonly HazardSetting _setting;
    private readonly bool _threadsOwn;
    private readonly InstrumentedRuntime? _runtime;
    private readonly ConcurrentQueue<ulong> _handedOn = new();
    private IEndingCache _cache;

    /// <param name="setting">What it is made from.</param>
    /// <param name="threadsOwn">Whether slabs are owned by the threads that take from them; half of the objects are then returned by others.</param>
    public EndingScene(HazardSetting setting, bool threadsOwn = false)
        : base(setting.Referee, Turns)
    {
        _setting = setting;
        _threadsOwn = threadsOwn;
        if (setting.IsSubject)
        {
            _runtime = new InstrumentedRuntime(new InstrumentedOptions { CapacityBytes = 64 << 10, ReservationBytes = 64 << 10, MaxOrder = 0, TrimInterval = Timeout.InfiniteTimeSpan });
            _runtime.ViolationDetected += violation => Referee.Require(violation.Kind == ViolationKind.OutstandingAtDispose, violation.ToString());
        }

        _cache = Create();
    }

    public override void Turn(Hand hand)
    {
        Span<ulong> handles = stackalloc ulong[Batch];
        var rented = 0;
        while (rented < handles.Length && _cache.TryRent(out handles[rented]))
            MemoryMarshal.Write(_cache.Content(handles[rented]), ~handles[rented++]);
        if (hand.Index == 0 && hand.OnceIn(Turns))
            _cache.End();
        Atomics.ReadBarrier();
        hand.Operations += 1 + (2 * rented);
        foreach (var handle in handles[..rented])
        {
            if (_threadsOwn && hand.OnceIn(2))
                _handedOn.Enqueue(handle);
            else
                Return(handle);
        }

        ReturnHandedOn(Batch);
    }

    public override void CloseRound(Hand hand)
    {
        ReturnHandedOn(int.MaxValue);
        _cache.End();
        Referee.Require(_cache.PagesLeft == 0, $"{_cache.PagesLeft} pages are left of a cache that was disposed and has no object out");
        _cache = Create();
    }

    public override void Dispose()
    {
        _cache.End();
        _runtime?.Dispose();
    }

    private void ReturnHandedOn(int most)
    {
        for (var i = 0; i < most && _handedOn.TryDequeue(out var handle); i++)
            Return(handle);
    }

    private void Return(ulong handle)
    {
        Referee.Require(MemoryMarshal.Read<ulong>(_cache.Content(handle)) == ~handle, "an object changed under its renter when its cache was disposed");
        Referee.Require(_cache.TryReturn(handle), "an owner's return was refused");
    }

    private IEndingCache Create() => _runtime is not null ? new RuntimeEndingCache(_runtime, _threadsOwn)
        : _threadsOwn ? new WrongOwners(Objects, _setting.Line(WrongStep.EndSeenEarly), static _ => { })
        : new WrongEndingCache(_setting.Variant == HazardVariant.Control);
}
