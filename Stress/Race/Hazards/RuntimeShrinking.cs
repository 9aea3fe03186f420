extern alias instrumented;

using instrumented::FolioRuntime.Reclaiming;
using FolioHandle = instrumented::FolioRuntime.Folios.FolioHandle;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;
using PageOrder = instrumented::FolioRuntime.Primitives.PageOrder;

namespace FolioRuntime.Race.Hazards;

/// <summary>The subject: a runtime of one page, which is rented, so that each further allocation asks the shrinkers and then fails; the shipping sources over the instrumented seam.</summary>
internal sealed class RuntimeShrinking : IShrinking
{
    private readonly InstrumentedRuntime _runtime;
    private readonly FolioHandle _only;

    public RuntimeShrinking(Referee referee)
    {
        _runtime = new InstrumentedRuntime(new InstrumentedOptions { CapacityBytes = PageOrder.FrameBytes, ReservationBytes = PageOrder.FrameBytes, MaxOrder = 0, TrimInterval = Timeout.InfiniteTimeSpan });
        _runtime.ViolationDetected += violation => referee.Report(violation.ToString());
        _only = _runtime.Folios.Rent(new PageOrder(0));
    }

    public IDisposable Register(Action shrinker) => _runtime.RegisterShrinker("race", new Shrinker(shrinker));

    public void Shrink() => _ = _runtime.Folios.TryRent(new PageOrder(0), out _);

    public void Dispose()
    {
        _runtime.Folios.Return(_only);
        _runtime.Dispose();
    }

    private sealed class Shrinker(Action called) : IShrinker
    {
        public long Count() => 1;

        public long Scan(long count)
        {
            called();
            return 0;
        }
    }
}
