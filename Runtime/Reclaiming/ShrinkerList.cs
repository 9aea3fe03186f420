using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;

namespace FolioRuntime.Reclaiming;

/// <summary>The shrinkers of one runtime. Thread-safe; they are called with no latch held. Linux: <c>shrinker_list</c>, <c>shrink_slab</c>.</summary>
internal sealed class ShrinkerList(PageAllocator pages, ViolationLog violations)
{
    /// <summary>Rounds begin with 1 of 2^this of what is there.</summary>
    public const int FirstPriority = 3;

    private readonly Latch _latch = new();
    private readonly StripedCounter _objectsShrunk = new();
    private readonly StripedCounter _failures = new();

    // Replaced as a whole. Writers: under the latch. Readers: any thread.
    private ShrinkerRegistration[] _all = [];
    private bool _closed;

    /// <summary>What shrinkers said they freed, in their own units.</summary>
    public long ObjectsShrunk => _objectsShrunk.Value;

    /// <summary>Calls of shrinkers that ended in an exception.</summary>
    public long Failures => _failures.Value;

    /// <summary>Adds a shrinker, until the registration is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The runtime is disposed.</exception>
    public ShrinkerRegistration Add(string name, IShrinker shrinker)
    {
        var registration = new ShrinkerRegistration(this, name, shrinker);
        using (_latch.Hold())
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(ShrinkerList));
            Atomics.StoreRelease(ref _all, [.. _all, registration]);
        }

        pages.AddReserveUser();
        return registration;
    }

    /// <summary>Called by a registration, once.</summary>
    public void Remove(ShrinkerRegistration registration)
    {
        using (_latch.Hold())
            Atomics.StoreRelease(ref _all, [.. _all.Where(other => other != registration)]);
        pages.RemoveReserveUser();
    }

    /// <summary>Takes no more, and calls none any more, but for calls under way.</summary>
    public void Close()
    {
        using (_latch.Hold())
        {
            _closed = true;
            Atomics.StoreRelease(ref _all, []);
        }
    }

    /// <summary>
    /// Asks all shrinkers for a part of what they have, then for a larger part, and so on until anything is freed or everything was asked for. One that throws
    /// is reported, and not asked again in this call.
    /// </summary>
    /// <param name="firstPriority">The first part: 1 of 2^this.</param>
    /// <returns>How many objects were freed, of whatever the shrinkers count; 0: they have nothing more.</returns>
    public long ShrinkUntilFreed(int firstPriority)
    {
        List<ShrinkerRegistration> asked = [.. Atomics.LoadAcquire(ref _all)];
        long freed = 0;
        for (var priority = firstPriority; priority >= 0 && freed == 0 && asked.Count > 0; priority--)
            freed = Shrink(asked, priority);
        return freed;
    }

    private long Shrink(List<ShrinkerRegistration> asked, int priority)
    {
        using var scope = ReclaimScope.Enter();
        long freed = 0;
        for (var at = asked.Count - 1; at >= 0; at--)
        {
            try
            {
                freed += asked[at].Shrink(priority);
            }
#pragma warning disable CA1031 // Whoever happens to need memory is not to blame for somebody else's cache: the exception is reported.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _failures.Add();
                violations.Report(ViolationKind.ReclaimFailed, asked[at].Name, 0, 0, exception.Message, exception);
                asked.RemoveAt(at);
            }
        }

        _objectsShrunk.Add(freed);
        return freed;
    }
}
