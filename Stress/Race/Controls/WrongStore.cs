extern alias instrumented;

using FolioRuntime.Race.Hazards;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;
using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Controls;

/// <summary>
/// CONTROL, FROZEN: a bounded pool with a short list of free slots a thread, a shared list behind them, and an inbox through which full lists hand
/// over batches; one step of it is wrong. It shares no code with the runtime. Don't repair it, don't tune it.
/// <code>
///   rent:    own list ─► shared list ─► inbox ─► everybody's lists        return:  word, own list, a batch of it to the inbox
///   word:    rented[33] | generation[0..31]                              handle:  generation[32..63] | slot[0..31]
/// </code>
/// </summary>
internal sealed class WrongStore : IStore
{
    private const int ObjectBytes = 64;
    private const ulong Rented = 1ul << 33;
    private const int PlannedThreads = 4;
    private const int Patience = 200;

    private readonly WrongStep _wrong;
    private readonly Action<Span<byte>> _constructor;
    private readonly ulong[] _words;
    private readonly byte[] _contents;
    private readonly bool[] _constructed;
    private readonly uint[] _next;
    private readonly Latch _latch = new();
    private readonly Stack<uint> _shared = new();
    private readonly List<WrongList> _lists = [];
    private readonly bool _hasSpare;
    private ThreadLocal<WrongList> _own = null!;
    private uint _inbox;
    private uint _gate;
    private long _out;

    /// <param name="capacity">Most objects out at a time.</param>
    /// <param name="step">The step that this control is about.</param>
    /// <param name="isWrong">Whether it is wrong.</param>
    /// <param name="constructor">Run on each object.</param>
    public WrongStore(int capacity, WrongStep step, bool isWrong, Action<Span<byte>> constructor)
    {
        _wrong = isWrong ? step : WrongStep.None;
        _constructor = constructor;
        _hasSpare = step == WrongStep.CapacityCheckedApart;
        Capacity = capacity;
        var slots = _hasSpare ? 2 * capacity : capacity;
        IndexLimit = (uint)slots;
        _words = new ulong[slots];
        _contents = new byte[slots * ObjectBytes];
        _constructed = new bool[slots];
        _next = new uint[slots + 1];
        Repair();
    }

    public int Capacity { get; }

    public uint IndexLimit { get; }

    public long? ToldLater => null;

    public bool TryRent(out ulong handle)
    {
        handle = 0;
        if (_hasSpare && !TryCount())
            return false;
        if (_wrong == WrongStep.LatchLeaked && !TryEnterGate())
            return false;
        if (!TryTake(out var slot))
            return false;
        Construct(slot);
        if (_wrong == WrongStep.LatchLeaked)
            Atomics.StoreRelease(ref _gate, 0);
        ref var word = ref _words[slot];
        handle = (Atomics.LoadAcquire(ref word) << 32) | slot;
        Atomics.StoreRelease(ref word, Rented | (handle >> 32));
        if (_wrong == WrongStep.CapacityCheckedApart)
            Atomics.Add(ref _out, 1);
        return true;
    }

    public bool TryReturn(ulong handle)
    {
        ref var word = ref _words[(uint)handle];
        var rented = Rented | (handle >> 32);
        var freed = (handle >> 32) + 1;
        if (_wrong == WrongStep.ReturnWithoutCompare)
        {
            if (Atomics.LoadAcquire(ref word) != rented)
                return false;
            Atomics.StoreRelease(ref word, freed);
        }
        else if (Atomics.CompareExchange(ref word, freed, rented) != rented)
        {
            return false;
        }

        Give((uint)handle);
        if (_hasSpare)
            Atomics.Add(ref _out, -1);
        return true;
    }

    public bool TryReturnElsewhere(ulong handle) => _wrong == WrongStep.AnyPoolReturns && TryReturn(handle);

    public Span<byte> Content(ulong handle) => ContentOf((uint)handle);

    public void Trim()
    {
        using (_latch.Hold())
            DrainLists();
    }

    public void Repair()
    {
        _shared.Clear();
        _lists.Clear();
        _own?.Dispose();
        _own = new ThreadLocal<WrongList>(Register);
        (_inbox, _gate, _out) = (0, 0, 0);
        for (var slot = 0u; slot < IndexLimit; slot++)
        {
            _shared.Push(slot);
            _words[slot] = (uint)_words[slot] + 1;
        }
    }

    public void Dispose() => _own.Dispose();

    private bool TryCount()
    {
        if (_wrong == WrongStep.CapacityCheckedApart)
            return Atomics.LoadAcquire(ref _out) < Capacity;
        if (Atomics.Add(ref _out, 1) <= Capacity)
            return true;
        Atomics.Add(ref _out, -1);
        return false;
    }

    // Ends: patience does. Whoever would wait for ever in a real program is refused here.
    private bool TryEnterGate()
    {
        var wait = default(SpinWait);
        for (var i = 0; i < Patience; i++)
        {
            if (Atomics.CompareExchange(ref _gate, 1u, 0u) == 0)
                return true;
            Atomics.SpinOnce(ref wait);
        }

        return false;
    }

    private bool TryTake(out uint slot)
    {
        if (_own.Value!.TryPop(out slot))
            return true;
        using (_latch.Hold())
        {
            if (_shared.TryPop(out slot))
                return true;
            EmptyInbox();
            if (_shared.Count == 0)
                DrainLists();
            return _shared.TryPop(out slot);
        }
    }

    private void Construct(uint slot)
    {
        if (_wrong == WrongStep.ConstructedOnce && _constructed[slot])
            return;
        try
        {
            _constructor(ContentOf(slot));
            _constructed[slot] = true;
        }
        catch when (_wrong != WrongStep.LatchLeaked)
        {
            Give(slot);
            if (_hasSpare && _wrong != WrongStep.CapacityCheckedApart)
                Atomics.Add(ref _out, -1);
            throw;
        }
    }

    private void Give(uint slot)
    {
        if (_own.Value!.TryPush(slot))
            return;
        var (first, last) = (slot + 1, slot + 1);
        for (var i = 0; i < StoreScene.ThreadShare / 2 && _own.Value.TryPop(out var other); i++)
        {
            _next[last] = other + 1;
            last = other + 1;
        }

        HandOver(first, last);
    }

    // Ends: a compare-exchange fails only because another batch got through.
    private void HandOver(uint first, uint last)
    {
        while (true)
        {
            var seen = Atomics.LoadAcquire(ref _inbox);
            _next[last] = seen;
            if (_wrong == WrongStep.BatchStored)
            {
                Atomics.StoreRelease(ref _inbox, first);
                return;
            }

            if (Atomics.CompareExchange(ref _inbox, first, seen) == seen)
                return;
        }
    }

    private void EmptyInbox()
    {
        for (var at = Atomics.Exchange(ref _inbox, 0); at != 0; at = _next[at])
            _shared.Push(at - 1);
    }

    private void DrainLists()
    {
        foreach (var list in _lists)
        {
            if (_wrong == WrongStep.FreerHoards || (_wrong == WrongStep.EndedThreadsForgotten && !list.Owner.IsAlive))
                continue;
            list.Drain(_shared.Push);
        }
    }

    private WrongList Register()
    {
        using (_latch.Hold())
        {
            if (_wrong == WrongStep.ThreadsPlanned && _lists.Count >= PlannedThreads)
                return _lists[Environment.CurrentManagedThreadId % PlannedThreads];
            var capacity = _wrong == WrongStep.FreerHoards ? (int)IndexLimit : StoreScene.ThreadShare;
            _lists.Add(new WrongList(Thread.CurrentThread, capacity, _wrong == WrongStep.AnnouncedLate));
            return _lists[^1];
        }
    }

    private Span<byte> ContentOf(uint slot) => _contents.AsSpan((int)slot * ObjectBytes, ObjectBytes);
}
