extern alias instrumented;

using FolioRuntime.Race.Hazards;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;
using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Controls;

/// <summary>
/// CONTROL, FROZEN: entries in an array that is closed up when one leaves, and listed without the latch; whoever lists may meet an empty place, an
/// entry twice, or miss one. With the line right the latch is held. Don't repair it, don't tune it.
/// </summary>
internal sealed class WrongListing : IListing
{
    private const int Capacity = 256;

    private readonly bool _isWrong;
    private readonly Latch _latch = new();
    private readonly string?[] _names = new string?[Capacity];
    private uint _count;

    public WrongListing(bool isWrong)
    {
        _isWrong = isWrong;
        Add(IListing.Anchor);
    }

    public IDisposable Add(string name)
    {
        using (_latch.Hold())
        {
            Atomics.StoreRelease(ref _names[_count], name);
            Atomics.StoreRelease(ref _count, _count + 1);
        }

        return new Entry(this, name);
    }

    public IReadOnlyList<string> List()
    {
        if (_isWrong)
            return ListUnsynchronized();
        using (_latch.Hold())
            return ListUnsynchronized();
    }

    public void Dispose()
    {
        // An array.
    }

    // No check for an empty place: there never is one, if nothing moves.
    private List<string> ListUnsynchronized()
    {
        var names = new List<string>();
        for (var i = 0u; i < Atomics.LoadAcquire(ref _count); i++)
            names.Add(Atomics.LoadAcquire(ref _names[i])!.ToString());
        return names;
    }

    // What is behind it moves up by one.
    private void Remove(string name)
    {
        using (_latch.Hold())
        {
            var at = Array.IndexOf(_names, name);
            for (; at + 1 < _count; at++)
                Atomics.StoreRelease(ref _names[at], _names[at + 1]);
            Atomics.StoreRelease(ref _names[_count - 1], null);
            Atomics.StoreRelease(ref _count, _count - 1);
        }
    }

    private sealed class Entry(WrongListing listing, string name) : IDisposable
    {
        public void Dispose() => listing.Remove(name);
    }
}
