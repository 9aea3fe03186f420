using FolioRuntime.Pages;
using FolioRuntime.Primitives;

namespace FolioRuntime.Reclaiming;

/// <summary>
/// One shrinker in a <see cref="ShrinkerList"/>, until it is disposed. After that it isn't called any more, and no call is under way: the dispose waits for those on
/// other threads, as <c>shrinker_free</c> does, except from inside a shrinker, where waiting for one another might never end.   [ShrinkerTests]
/// <code>
///   call:     begin (latch: not disposed? calls + 1) ─► Count, Scan ─► end (latch: calls - 1)
///   dispose:  latch: disposed ─► off the list ─► until calls is 0
/// </code>
/// </summary>
internal sealed class ShrinkerRegistration(ShrinkerList list, string name, IShrinker shrinker) : IDisposable
{
    private readonly Latch _latch = new();

    // Under the latch.
    private bool _disposed;

    // Calls under way. Writers: under the latch, so that no call begins after the dispose. Readers: a dispose that waits; the acquire of a 0 pairs with the
    // release in End, so that everything a call did came before the dispose returns.
    private uint _calls;

    public string Name { get; } = name;

    /// <summary>Has the shrinker free a part of what it counts. Called inside a <see cref="ReclaimScope"/>.</summary>
    /// <param name="priority">The part: 1 of 2^priority. What rounds to nothing isn't asked for. Linux: <c>do_shrink_slab</c>.</param>
    /// <returns>How many it freed.</returns>
    public long Shrink(int priority)
    {
        if (!TryBegin())
            return 0;
        try
        {
            var wanted = Math.Max(0, shrinker.Count()) >> priority;
            return wanted == 0 ? 0 : Math.Max(0, shrinker.Scan(wanted));
        }
        finally
        {
            End();
        }
    }

    /// <summary>Takes it off the list, and waits for the calls under way unless the caller is inside one. Idempotent.</summary>
    public void Dispose()
    {
        bool isFirst;
        using (_latch.Hold())
        {
            isFirst = !_disposed;
            _disposed = true;
        }

        if (isFirst)
            list.Remove(this);
        if (ReclaimScope.IsActive)
            return;

        // Ends: no call begins any more, and those that have begun end when the user's code does.
        for (var wait = default(SpinWait); Atomics.LoadAcquire(ref _calls) != 0;)
            Atomics.SpinOnce(ref wait);
    }

    private bool TryBegin()
    {
        using (_latch.Hold())
        {
            if (_disposed)
                return false;
            Atomics.StoreRelease(ref _calls, _calls + 1);
            return true;
        }
    }

    private void End()
    {
        using (_latch.Hold())
            Atomics.StoreRelease(ref _calls, _calls - 1);
    }
}
