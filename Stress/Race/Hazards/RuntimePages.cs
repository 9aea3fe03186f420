extern alias instrumented;

using System.Runtime.CompilerServices;
using instrumented::FolioRuntime.Folios;
using instrumented::FolioRuntime.Lifetimes;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;
using PageOrder = instrumented::FolioRuntime.Primitives.PageOrder;

namespace FolioRuntime.Race.Hazards;

/// <summary>The subject: folios of one page each, of the shipping sources over the instrumented seam.</summary>
internal sealed class RuntimePages : IPages
{
    private readonly InstrumentedRuntime _runtime;

    public RuntimePages(Referee referee, int capacity)
    {
        _runtime = new InstrumentedRuntime(new InstrumentedOptions
        {
            CapacityBytes = capacity * PageOrder.FrameBytes,
            ReservationBytes = capacity * PageOrder.FrameBytes,
            MaxOrder = 0,
            ThreadPageCapacity = 2,
            TrimInterval = Timeout.InfiniteTimeSpan,
        });
        _runtime.ViolationDetected += violation => referee.Report(violation.ToString());
        Capacity = capacity;
    }

    public int Capacity { get; }

    public bool TryRent(out ulong handle)
    {
        var rented = _runtime.Folios.TryRent(new PageOrder(0), out var folio);
        handle = Unsafe.BitCast<FolioHandle, ulong>(folio);
        return rented;
    }

    public bool TryReturn(ulong handle) => _runtime.Folios.TryReturn(Folio(handle));

    // The reference is not disposed: Put ends it by the handle, because a ref struct can't be kept.
    public bool TryGet(ulong handle) => _runtime.Folios.TryGet(Folio(handle), out _);

    public void Put(ulong handle) => _runtime.Folios.Put(Folio(handle));

    public bool TryFreeze(ulong handle, uint references) => _runtime.Folios.TryFreeze(Folio(handle), references);

    public void Unfreeze(ulong handle, uint references) => _runtime.Folios.Unfreeze(Folio(handle), references);

    public Span<byte> Bytes(ulong handle) => _runtime.Folios.BytesOf(Folio(handle));

    public void BeginWrite(ulong handle) => ContentSequence.BeginWrite(ref _runtime.Folios.SequenceOf(Folio(handle)));

    public void EndWrite(ulong handle) => ContentSequence.EndWrite(ref _runtime.Folios.SequenceOf(Folio(handle)));

    public bool TryRead(ulong handle, Span<byte> destination) => _runtime.Folios.TryRead(Folio(handle), 0, destination);

    public void Hold(ulong handle, uint references) => Atomics.Add(ref WordOf(handle), (ulong)references << LifetimeWord.ReferenceShift);

    public void Drop(ulong handle, uint references) => Atomics.Add(ref WordOf(handle), 0 - ((ulong)references << LifetimeWord.ReferenceShift));

    public void Trim() => _runtime.Trim();

    public long Settle() => _runtime.Snapshot().Pages.AllocatedFrames;

    public void Dispose() => _runtime.Dispose();

    private ref ulong WordOf(ulong handle) => ref _runtime.Pages.Frames.Frame(Folio(handle).Frame).Word;

    private static FolioHandle Folio(ulong handle) => Unsafe.BitCast<ulong, FolioHandle>(handle);
}
