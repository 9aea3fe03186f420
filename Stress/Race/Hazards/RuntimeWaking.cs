extern alias instrumented;

using instrumented::FolioRuntime.Platform;
using instrumented::FolioRuntime.Reclaiming;
using FolioHandle = instrumented::FolioRuntime.Folios.FolioHandle;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;
using PageOrder = instrumented::FolioRuntime.Primitives.PageOrder;

namespace FolioRuntime.Race.Hazards;

/// <summary>The subject: the background reclaimer of a runtime whose pages are all rented, so that each balance finds less than the high watermark and asks the shrinker; the shipping sources over the instrumented seam.</summary>
internal sealed class RuntimeWaking : IWaking
{
    private const int Pages = 2;

    private readonly InstrumentedRuntime _runtime;
    private readonly FolioHandle[] _all = new FolioHandle[Pages];
    private readonly DueTimer _timer = new();
    private readonly ShrinkerRegistration _registration;
    private readonly BackgroundReclaimer _background;

    // Held here, because the background knows it by a weak reference only.
    private readonly Reclaimer _reclaimer;

    public RuntimeWaking(Referee referee, Action free)
    {
        _runtime = new InstrumentedRuntime(new InstrumentedOptions
        {
            CapacityBytes = Pages * PageOrder.FrameBytes,
            ReservationBytes = Pages * PageOrder.FrameBytes,
            MaxOrder = 0,
            TrimInterval = Timeout.InfiniteTimeSpan,
            HighWatermark = 0.5,
        });
        _runtime.ViolationDetected += violation => referee.Report(violation.ToString());
        for (var page = 0; page < Pages; page++)
            _all[page] = _runtime.Folios.Rent(new PageOrder(0));
        _reclaimer = new Reclaimer(_runtime.Slabs);
        _registration = _reclaimer.Shrinkers.Add("race", new Shrinker(free));
        _background = new BackgroundReclaimer(_reclaimer, TimeSpan.FromHours(1), _timer, new NoPressure());
    }

    public void Wake() => _background.Wake();

    public bool LookIfDue() => _timer.FireIfDue();

    public void Dispose()
    {
        _background.Dispose();
        _registration.Dispose();
        foreach (var page in _all)
            _runtime.Folios.Return(page);
        _runtime.Dispose();
        GC.KeepAlive(_reclaimer);
    }

    private sealed class Shrinker(Action asked) : IShrinker
    {
        public long Count()
        {
            asked();
            return 0;
        }

        public long Scan(long count) => 0;
    }

    private sealed class NoPressure : IMemoryPressure
    {
        public MemoryPressureSigns Read() => MemoryPressureSigns.None;
    }
}
