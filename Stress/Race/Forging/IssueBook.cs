using System.Diagnostics;

namespace FolioRuntime.Race.Forging;

/// <summary>
/// The oracle: for every slot, or every frame, who was given it last. Written by owners, outside the runtime, so a handle that the
/// runtime accepts can be judged without believing the runtime.
/// <code>
///   entry = ended (63) | target (32..39) | generation (0..31)      0: never given out
/// </code>
/// Writers: the owner just after it rented, and whoever ends the object before the slot can be given out again. Between a rent and
/// the owner's entry the book is behind, and a judge waits; it never has to wait for a slot that it holds to be ended, so that
/// wait is short unless the handle is forged.
/// </summary>
internal sealed class IssueBook(uint entries, TimeSpan patience)
{
    private const ulong Ended = 1ul << 63;
    private const int TargetShift = 32;

    private readonly ulong[] _entries = new ulong[entries];
    private long _patienceTicks = patience.Ticks;

    /// <summary>The owner of a new object tells.</summary>
    public void Issue(ulong handle, int target) => Volatile.Write(ref _entries[Forged.IndexOf(handle)], Entry(handle, target));

    /// <summary>An object ends; nobody may hold it any more. False: it wasn't there, or ended before.</summary>
    public bool TryEnd(ulong handle, int target) =>
        Forged.IndexOf(handle) < _entries.Length
        && Interlocked.CompareExchange(ref _entries[Forged.IndexOf(handle)], Entry(handle, target) | Ended, Entry(handle, target)) == Entry(handle, target);

    /// <summary>Whether a reference that the caller holds is on a live object of this handle and target. Call it before dropping the reference.</summary>
    public bool IsRightlyHeld(ulong handle, int target) =>
        Forged.IndexOf(handle) < _entries.Length && WaitFor(handle) == Entry(handle, target);

    /// <summary>The entry before an operation that holds nothing; for <see cref="WasAliveSince"/>.</summary>
    public ulong Before(ulong handle) => Forged.IndexOf(handle) < _entries.Length ? Volatile.Read(ref _entries[Forged.IndexOf(handle)]) : 0;

    /// <summary>Whether the handle's object was alive at some instant since <paramref name="before"/> was read.</summary>
    public bool WasAliveSince(ulong before, ulong handle, int target)
    {
        var entry = Entry(handle, target);
        if (before == entry)
            return true;
        if (Forged.IndexOf(handle) >= _entries.Length || GenerationIn(before) >= Forged.GenerationOf(handle))
            return false;

        // Generations of a slot only grow, so it was given out in this one, if at all, since then.
        var now = WaitFor(handle);
        return GenerationIn(now) > Forged.GenerationOf(handle) || (now & ~Ended) == entry;
    }

    /// <summary>The entry once it has caught up with the handle's generation, or once patience ends: then that was never given out.</summary>
    private ulong WaitFor(ulong handle)
    {
        ref var location = ref _entries[Forged.IndexOf(handle)];
        var entry = Volatile.Read(ref location);
        if (GenerationIn(entry) >= Forged.GenerationOf(handle))
            return entry;
        var start = Stopwatch.GetTimestamp();
        while (GenerationIn(entry) < Forged.GenerationOf(handle))
        {
            var allowed = Interlocked.Read(ref _patienceTicks);
            if (Stopwatch.GetElapsedTime(start).Ticks > allowed)
            {
                // Something is badly wrong already: don't wait as long for each further case.
                Interlocked.CompareExchange(ref _patienceTicks, allowed / 2, allowed);
                break;
            }

            Thread.Yield();
            entry = Volatile.Read(ref location);
        }

        return entry;
    }

    private static uint GenerationIn(ulong entry) => (uint)entry;

    private static ulong Entry(ulong handle, int target) => ((ulong)target << TargetShift) | Forged.GenerationOf(handle);
}
