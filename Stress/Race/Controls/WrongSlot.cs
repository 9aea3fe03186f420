extern alias instrumented;

using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Controls;

/// <summary>CONTROL, FROZEN: one thread's slot of <see cref="WrongPins"/>.</summary>
internal sealed class WrongSlot
{
    private readonly Latch _section = new();
    private long _balance;
    private bool _isShut;

    public bool TryAdd(long amount)
    {
        using (_section.Hold())
        {
            if (!_isShut)
                _balance += amount;
            return !_isShut;
        }
    }

    public long Take()
    {
        using (_section.Hold())
        {
            var balance = _balance;
            _balance = 0;
            return balance;
        }
    }

    public void Shut(bool isShut)
    {
        using (_section.Hold())
            _isShut = isShut;
    }
}
