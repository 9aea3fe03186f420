extern alias instrumented;

using System.Buffers;
using FolioRuntime.Harness;
using instrumented::FolioRuntime.Integrations.Pipelines;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;
using ViolationKind = instrumented::FolioRuntime.Lifetimes.ViolationKind;

namespace FolioRuntime.Race.Hazards;

/// <summary>The subject: retained bytes of a pipe; the shipping sources over the instrumented seam.</summary>
internal sealed class RuntimeRetaining : IRetaining
{
    private readonly InstrumentedRuntime _runtime;
    private readonly SlabMemoryPool _pool;

    public RuntimeRetaining(Referee referee)
    {
        _runtime = new InstrumentedRuntime(new InstrumentedOptions { CapacityBytes = 1 << 20, ReservationBytes = 1 << 20, MaxOrder = 6, TrimInterval = Timeout.InfiniteTimeSpan });

        // A use after the release: retained too late, and refused.
        _runtime.ViolationDetected += violation => referee.Require(violation.Kind == ViolationKind.UseAfterRelease, violation.ToString());
        _pool = _runtime.CreateMemoryPool();
    }

    public IMemoryOwner<byte> Rent() => _pool.Rent();

    public IDisposable? TryRetain(IMemoryOwner<byte> owner, ReadOnlyMemory<byte> memory, out ReadOnlyMemory<byte> kept)
    {
        try
        {
            var retained = PipeSegment.SequenceOf(memory).Retain();
            kept = retained.Sequence.First;
            return retained;
        }
        catch (ObjectDisposedException)
        {
            kept = default;
            return null;
        }
    }

    public void Dispose()
    {
        _pool.Dispose();
        _runtime.Dispose();
    }
}
