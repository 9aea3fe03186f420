extern alias instrumented;

using instrumented::FolioRuntime.Folios;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;
using PageOrder = instrumented::FolioRuntime.Primitives.PageOrder;
using ThreadStack = instrumented::FolioRuntime.Primitives.ThreadStack;

namespace FolioRuntime.Race.Hazards;

/// <summary>The subject: a distributed folio of one page, of the shipping sources over the instrumented seam.</summary>
internal sealed class RuntimePinned : IPinned
{
    private readonly InstrumentedRuntime _runtime;

    // A pin can't be kept: its slot ends it.
    private readonly ThreadLocal<ThreadStack> _slot = new();
    private DistributedFolio _folio;

    public RuntimePinned(Referee referee)
    {
        _runtime = new InstrumentedRuntime(new InstrumentedOptions { CapacityBytes = PageOrder.FrameBytes, ReservationBytes = PageOrder.FrameBytes, MaxOrder = 0, TrimInterval = Timeout.InfiniteTimeSpan });
        _runtime.ViolationDetected += violation => referee.Report(violation.ToString());
        _folio = Create();
    }

    public Span<byte> Bytes => _runtime.Folios.BytesOf(_folio.Handle);

    public bool TryPin()
    {
        var done = _folio.TryPin(out var pin);
        _slot.Value = pin.Slot;
        return done;
    }

    public void Unpin() => _folio.Unpin(_slot.Value);

    public bool TryFreeze() => _folio.TryFreeze(out _);

    public void Unfreeze() => new FrozenFolio(_runtime.Folios, _folio.Handle, 1, _folio).Unfreeze();

    public void End() => _folio.Dispose();

    public bool Renew()
    {
        if (_runtime.Folios.Statistics.Alive != 0)
            return false;
        _folio = Create();
        return true;
    }

    public void Dispose()
    {
        _folio.Dispose();
        _slot.Dispose();
        _runtime.Dispose();
    }

    private DistributedFolio Create()
    {
        // The first reference goes; what is distributed keeps the folio.
        using var folio = _runtime.Folios.Allocate(new PageOrder(0));
        return _runtime.Folios.TryDistribute(folio.Handle, out var distributed) ? distributed : throw new InvalidOperationException("What is held can be distributed.");
    }
}
