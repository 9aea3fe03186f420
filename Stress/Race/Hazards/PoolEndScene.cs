extern alias instrumented;

using FolioRuntime.Race.Controls;
using Microsoft.Extensions.ObjectPool;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;
using ViolationKind = instrumented::FolioRuntime.Lifetimes.ViolationKind;

namespace FolioRuntime.Race.Hazards;

/// <summary>A pool of disposable objects is disposed while threads get and return: each object that was made is disposed once.</summary>
internal sealed class PoolEndScene : HazardScene
{
    private const int Turns = 8;
    private const int Retained = 8;

    private readonly bool _isWrong;
    private readonly InstrumentedRuntime? _runtime;
    private PoolItemPolicy _policy = null!;
    private ObjectPool<PoolItem> _pool = null!;

    public PoolEndScene(HazardSetting setting)
        : base(setting.Referee, Turns)
    {
        _isWrong = setting.Variant == HazardVariant.Control;
        if (setting.IsSubject)
        {
            _runtime = new InstrumentedRuntime(new InstrumentedOptions { CapacityBytes = 1 << 20, ReservationBytes = 1 << 20, MaxOrder = 6, TrimInterval = Timeout.InfiniteTimeSpan });
            _runtime.ViolationDetected += violation => Referee.Require(violation.Kind == ViolationKind.OutstandingAtDispose, violation.ToString());
        }

        Open();
    }

    public override void Turn(Hand hand)
    {
        hand.Operations += 2;
        PoolItem item;
        try
        {
            item = _pool.Get();
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        Referee.Require(item.TryHold(), "an object was given to two users");
        if (hand.Index == 0 && hand.OnceIn(Turns))
            End();
        Atomics.ReadBarrier();
        Referee.Require(item.Disposals == 0, "an object was disposed under its user");
        item.LetGo();
        _pool.Return(item);
    }

    public override void CloseRound(Hand hand)
    {
        End();
        foreach (var item in _policy.Made)
            Referee.Require(item.Disposals == 1, $"an object was disposed {item.Disposals} times after its pool had ended");
        Open();
    }

    public override void Dispose()
    {
        End();
        _runtime?.Dispose();
    }

    private void End() => ((IDisposable)_pool).Dispose();

    private void Open()
    {
        _policy = new PoolItemPolicy();
        _pool = _runtime is null ? new WrongObjectPool(_policy, Retained, _isWrong) : _runtime.CreateObjectPool(_policy, Retained);
    }
}
