extern alias instrumented;

using System.Numerics;
using instrumented::FolioRuntime.Lifetimes;
using instrumented::FolioRuntime.Pages;
using instrumented::FolioRuntime.Slabs;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;

namespace FolioRuntime.Race.Protocols;

/// <summary>
/// The subject: the shipping sources over the instrumented seam, through their public face. One cache per type, all in one
/// runtime with only a few pages; objects of a whole page each, slabs of one object, and nothing kept back by threads or
/// caches, so that every object that ends gives its page back and the next one may take it as another type.
/// </summary>
internal sealed class RuntimeProtocol : IAgedProtocol
{
    private const int SlotBytes = 4096;

    // What the constructor writes: it runs inside the rent, before anybody can see the object.
    [ThreadStatic]
    private static long s_id;

    private readonly IWitness _witness;
    private readonly InstrumentedRuntime _runtime;
    private readonly SlabCache[] _caches;

    /// <param name="slots">Objects that can be alive at a time.</param>
    /// <param name="witness">Sees objects end, and is told of every misuse that the runtime reports.</param>
    /// <param name="generationBits">Bits of a generation that are used.</param>
    /// <param name="planned">Misuse that the workload does on purpose: not told.</param>
    /// <param name="discardsWords">Free pages may form blocks so large that their words fill a page of the system, and go back with them.</param>
    public RuntimeProtocol(
        int slots, IWitness witness, int generationBits = LifetimeWord.GenerationBits, ViolationKind? planned = null, bool discardsWords = false)
    {
        _witness = witness;
        var areaPages = discardsWords ? Math.Max(2, Environment.SystemPageSize / (sizeof(ulong) << FrameTableLayout.LargestSlotShift)) : 1;
        _runtime = new InstrumentedRuntime(new InstrumentedOptions
        {
            CapacityBytes = slots * SlotBytes,
            ReservationBytes = (slots + areaPages - 1) / areaPages * areaPages * SlotBytes,
            MaxOrder = BitOperations.Log2((uint)areaPages),
            ThreadPageCapacity = 0,
            GenerationBits = generationBits,
            TrimInterval = Timeout.InfiniteTimeSpan,
        });
        _runtime.ViolationDetected += violation =>
        {
            if (violation.Kind != planned)
                witness.Complain(violation.ToString());
        };
        var options = new SlabCacheOptions { SlabOrder = 0, ThreadCacheCapacity = 0, EmptySlabsKept = 0 };
        _caches = [.. Enumerable.Range(0, ProtocolCatalog.Types).Select(type => _runtime.CreateByteCache(
            ProtocolCatalog.TypeName(type),
            SlotBytes,
            options,
            constructor: bytes => ObjectContent.Write(bytes, type, s_id),
            destructor: bytes => witness.Destroy(type, bytes)))];
        var tables = _runtime.Slabs.Tables;
        Words = new WordRange(tables.SlotWordsBase, sizeof(ulong), (int)(tables.FrameCount << tables.SlotShift));
    }

    public WordRange Words { get; }

    public Token? TryAllocate(int type, long id)
    {
        s_id = id;
        return _caches[type].TryAllocate(out var reference) ? new Token(reference.Handle.ToUInt64(), type, id) : null;
    }

    public Token? TryRent(int type, long id)
    {
        s_id = id;
        return _caches[type].TryRent(out var handle) ? new Token(handle.ToUInt64(), type, id) : null;
    }

    public bool Peek(Token token)
    {
        var handle = new SlabHandle(token.Handle);
        return Lifetime.Load(ref _runtime.Slabs.Tables.SlotWord(handle.Index)).IsLiveAt(handle.Generation);
    }

    // The reference is not disposed: Put makes it again from the handle, because a ref struct can't be kept in a token.
    public bool TryGet(Token token) => _caches[token.Type].TryGet(new SlabHandle(token.Handle), out _);

    public Span<byte> Content(Token token) => ReferenceOf(token).Bytes;

    public void Put(Token token, int type) => ReferenceOf(token).Dispose();

    public void Return(Token token) => _caches[token.Type].Return(new SlabHandle(token.Handle));

    public bool WouldFoolUntagged(ulong word) => new LifetimeWord(word) is { IsLive: true, IsOwned: false, References: 0 };

    public void AgeDead(ulong failedGets)
    {
        for (var index = 0u; index < _runtime.Slabs.Tables.SlotLimit; index++)
            Atomics.Add(ref _runtime.Slabs.Tables.SlotWord(index), failedGets << LifetimeWord.ReferenceShift);
    }

    public void Trim() => _runtime.Trim();

    public void Settle()
    {
        var pages = _runtime.Snapshot().Pages;
        if (pages.AllocatedFrames != 0 || pages.FreeFrames + pages.RetiredFrames != pages.CommittedFrames)
            _witness.Complain($"{pages.AllocatedFrames} pages are still allocated, {pages.FreeFrames} of {pages.CommittedFrames} free");
    }

    public void Dispose() => _runtime.Dispose();

    private SlabReference ReferenceOf(Token token)
    {
        var handle = new SlabHandle(token.Handle);
        var cache = _caches[token.Type];
        return new SlabReference(cache, handle.Index, handle.Generation, cache.AddressOf(handle.Index));
    }
}
