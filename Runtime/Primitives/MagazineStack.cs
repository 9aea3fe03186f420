using System.Runtime.InteropServices;

namespace FolioRuntime.Primitives;

/// <summary>
/// A lock-free LIFO of magazines, by their numbers. Several stacks may share the memory of what is below what, as a magazine is in one of them at most. Thread-safe.
/// Invariant: a magazine that a pop gave out is the caller's alone until it pushes it (L8).   [MagazineDepotTests]
/// Source: Treiber's stack, with a tag (<see cref="MagazineList"/>).
/// </summary>
/// <param name="below">Room for one number for each magazine.</param>
internal sealed class MagazineStack(uint[] below)
{
    private PaddedHead _head;

    [Glance("For deciding when threads should exchange more at a time.")]
    private int _contention;

    [Glance("For deciding what to give up: a pop missed by a race keeps or gives up a magazine too many.")]
    private int _fewest;

    /// <summary>How often a thread found that another had changed the stack since it looked. A glance.</summary>
    [Glance("For deciding when threads should exchange more at a time.")]
    public int Contention => _contention;

    /// <summary>The fewest magazines there were at a time since the last <see cref="BeginInterval"/>. A glance.</summary>
    [Glance("For deciding what to give up: a pop missed by a race keeps or gives up a magazine too many.")]
    public int FewestInInterval => _fewest;

    public void BeginInterval() => _fewest = new MagazineList(Atomics.LoadAcquire(ref _head.Bits)).Length;

    /// <summary>Takes the top, with all that its pusher wrote to it; -1: there is none.</summary>
    public int Pop()
    {
        var wait = default(SpinWait);
        while (true)
        {
            var seen = new MagazineList(Atomics.LoadAcquire(ref _head.Bits));
            if (seen.Top < 0)
                return -1;

            // This may be read of a magazine that is no longer in the list, and then says anything: the head has changed since, and its count of pops with it.
            var popped = seen.Popped((int)Atomics.LoadAcquire(ref below[seen.Top]) - 1);
            if (Atomics.CompareExchange(ref _head.Bits, popped.Bits, seen.Bits) == seen.Bits)
            {
                _fewest = Math.Min(_fewest, popped.Length);
                return seen.Top;
            }

            _contention++;
            Atomics.SpinOnce(ref wait);
        }
    }

    /// <summary>Puts a magazine on top, which is the caller's: all that was written to it goes with it.</summary>
    public void Push(int magazine)
    {
        var wait = default(SpinWait);
        while (true)
        {
            var seen = new MagazineList(Atomics.LoadAcquire(ref _head.Bits));
            Atomics.StoreRelease(ref below[magazine], (uint)(seen.Top + 1));
            if (Atomics.CompareExchange(ref _head.Bits, seen.Pushed(magazine).Bits, seen.Bits) == seen.Bits)
                return;
            _contention++;
            Atomics.SpinOnce(ref wait);
        }
    }

    // On lines of its own, wherever the object lies.
    [StructLayout(LayoutKind.Explicit, Size = 2 * CacheLine.PaddingBytes)]
    private struct PaddedHead
    {
        [FieldOffset(CacheLine.PaddingBytes)]
        public ulong Bits;
    }
}
