extern alias instrumented;

using FolioRuntime.Race.Hazards;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;

namespace FolioRuntime.Race.Controls;

/// <summary>CONTROL, FROZEN: work done when a timer fires, which a flag asks for; one step of it is wrong. It shares no code with the runtime. Don't repair it, don't tune it.</summary>
internal sealed class WrongWaking(WrongStep wrong, Action free) : IWaking
{
    private readonly WrongStep _wrong = wrong;

    // 1: the timer's time has come.
    private uint _isDue;

    // 1: somebody looks.
    private uint _isLooking;

    // 1: memory is wanted, and nobody has begun to free any.
    private uint _isWanted;

    public void Wake()
    {
        Atomics.Exchange(ref _isWanted, 1);
        Atomics.Exchange(ref _isDue, 1);
    }

    public bool LookIfDue()
    {
        if (Atomics.Exchange(ref _isDue, 0) == 0)
            return false;
        if (Atomics.Exchange(ref _isLooking, 1) != 0)
            return true;
        if (Atomics.Exchange(ref _isWanted, 0) != 0)
            free();
        Atomics.Exchange(ref _isLooking, 0);

        // The next look is at the end of the interval.
        Atomics.Exchange(ref _isDue, 0);
        if (_wrong != WrongStep.WakeOverwritten && Atomics.LoadAcquire(ref _isWanted) != 0)
            Atomics.Exchange(ref _isDue, 1);
        return true;
    }

    public void Dispose() => Atomics.StoreRelease(ref _isWanted, 0);
}
