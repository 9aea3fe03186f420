extern alias instrumented;

using FolioRuntime.Race.Hazards;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;
using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Controls;

/// <summary>
/// CONTROL, FROZEN: a page that threads pin in slots of their own; one step of it is wrong. It shares no code with the runtime. Don't repair it, don't tune it.
/// <code>
///   pins = the slots' balances + shared     a slot that is shut: pins fail, ends of pins go to shared
/// </code>
/// </summary>
internal sealed class WrongPins : IPinned
{
    private const int PageBytes = 4096;

    // Above zero until the page has ended.
    private const long Bias = 1L << 40;

    private readonly WrongStep _wrong;
    private readonly byte[] _content = new byte[PageBytes];
    private readonly Latch _latch = new();
    private readonly List<WrongSlot> _slots = [];
    private readonly ThreadLocal<WrongSlot> _own;
    private long _shared = Bias;
    private bool _isShut;
    private bool _hasEnded;
    private bool _isFree;

    public WrongPins(WrongStep wrong)
    {
        _wrong = wrong;
        _own = new ThreadLocal<WrongSlot>(Register);
    }

    public Span<byte> Bytes => _content;

    public bool TryPin() => _own.Value!.TryAdd(1);

    public void Unpin()
    {
        if (!_own.Value!.TryAdd(-1) && Atomics.Add(ref _shared, -1) == 0)
            Free();
    }

    public bool TryFreeze()
    {
        using (_latch.Hold())
        {
            if (_isShut)
                return false;
            Shut();
            if (Atomics.LoadAcquire(ref _shared) == Bias)
                return true;
            Open();
            return false;
        }
    }

    public void Unfreeze()
    {
        using (_latch.Hold())
            Open();
    }

    public void End()
    {
        using (_latch.Hold())
        {
            _hasEnded = true;
            Shut();
        }

        if (Atomics.Add(ref _shared, -Bias) == 0)
            Free();
    }

    public bool Renew()
    {
        var wasFree = _isFree && _hasEnded;
        _isFree = false;
        _hasEnded = false;
        _shared = Bias;
        Open();
        return wasFree;
    }

    public void Dispose() => _own.Dispose();

    private void Shut()
    {
        if (_wrong == WrongStep.SummedFirst)
            Sum();
        _isShut = true;
        foreach (var slot in _slots)
            slot.Shut(true);
        if (_wrong != WrongStep.SummedFirst)
            Sum();
    }

    private void Sum()
    {
        foreach (var slot in _slots)
            Atomics.Add(ref _shared, slot.Take());
    }

    private void Open()
    {
        _isShut = false;
        foreach (var slot in _slots)
            slot.Shut(false);
    }

    private void Free()
    {
        _content.AsSpan().Clear();
        _isFree = true;
    }

    private WrongSlot Register()
    {
        using (_latch.Hold())
        {
            var slot = new WrongSlot();
            slot.Shut(_isShut);
            _slots.Add(slot);
            return slot;
        }
    }
}
