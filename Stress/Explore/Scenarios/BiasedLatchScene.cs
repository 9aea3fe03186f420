using System.Runtime.InteropServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// A biased latch and a number in memory that only its sections touch, each by a relaxed load and a relaxed store: two sections at once, or one that
/// doesn't see what the last one wrote, lose a count.
/// </summary>
internal sealed unsafe class BiasedLatchScene
{
    private readonly ulong* _counted = (ulong*)NativeMemory.AllocZeroed(sizeof(ulong));
    private readonly Latch _revokers = new();
    private readonly BiasedLatch* _latch = (BiasedLatch*)NativeMemory.AllocZeroed((nuint)sizeof(BiasedLatch));
    private Thread? _owner;
    private ulong _sections;

    /// <summary>The owner's first act, before anything is played: says who it is.</summary>
    public void Own() => _owner = Thread.CurrentThread;

    /// <summary>A section of the owner's, if it may. Leaves the latch as an owner that ends inside would if it isn't to be left.</summary>
    public bool TryAsOwner(bool leaves = true)
    {
        if (!BiasedLatch.TryEnterAsOwner(_latch))
            return false;
        Count();
        if (leaves)
            BiasedLatch.LeaveAsOwner(_latch);
        return true;
    }

    /// <summary>What an owner does that mayn't: it takes the long way, which the revokers use too.</summary>
    public void AsOwner()
    {
        if (!TryAsOwner())
            Revoke();
    }

    /// <summary>A section of a revoker's.</summary>
    public void Revoke()
    {
        using (_revokers.Hold())
        {
            _latch->AnnounceRevocation();
            Atomics.ProcessWideBarrier();
            _latch->WaitForOwner(_owner!);
            Count();
            _latch->Restore();
        }
    }

    public Scene Play(params Action[] others) => new([.. others])
    {
        Preludes = [Own],
        Check = () => Requirement.Equal(*_counted, _sections, "sections that were counted"),
        State = () => $"{_sections} sections",
        Close = () =>
        {
            NativeMemory.Free(_counted);
            NativeMemory.Free(_latch);
        },
        EndsMatter = true,
        Names = new() { [(nint)_counted] = ("counted", null) },
    };

    // SAFETY: allocated with this object and freed when the execution is over.
    private void Count()
    {
        _sections++;
        Content.Write(ref *_counted, Content.Read(ref *_counted) + 1);
    }
}
