using FolioRuntime.Harness;
using FolioRuntime.Race.Forging;
using FolioRuntime.Slabs;

namespace FolioRuntime.Race.Soaking;

/// <summary>One thread's objects of one cache: rented and returned at random, each checked, and a long memory of handles that must stay refused for ever.</summary>
internal sealed class SoakObjects(SlabCache cache, SoakTally tally)
{
    private const int Objects = 16;
    private const int Remembered = 1024;

    private readonly ulong[] _mine = new ulong[Objects];
    private readonly ulong[] _stale = new ulong[Remembered];

    /// <summary>Rents into a random place, or returns what is there.</summary>
    public void Change(ref XorShift random)
    {
        ref var mine = ref _mine[random.Below(Objects)];
        if (mine != 0)
            Return(ref mine, random.Below(Remembered));
        else if (cache.TryRent(out var handle))
            Keep(out mine, handle);
        else
            NoRoom(random.Below(Objects));
    }

    /// <summary>Tries a handle of long ago. With few bits a generation that came round again would show here.</summary>
    public void TryStale(ref XorShift random)
    {
        var stale = _stale[random.Below(Remembered)];
        if (stale == 0)
            return;
        if (IsAccepted(stale))
            tally.Violations++;
        else
            tally.StaleRejected++;
    }

    public void ReturnAll()
    {
        for (var i = 0; i < Objects; i++)
        {
            if (_mine[i] != 0)
                Return(ref _mine[i], i);
        }
    }

    private void Keep(out ulong mine, SlabHandle handle)
    {
        mine = handle.ToUInt64();
        Stamp.Write(cache.BytesOf(handle), mine, 0);
        tally.Operations++;
    }

    private void Return(ref ulong mine, int place)
    {
        var handle = new SlabHandle(mine);
        if (!Stamp.IsIntact(cache.BytesOf(handle), mine, 0) || !cache.TryReturn(handle))
            tally.Violations++;
        tally.Operations++;

        // Another thread's failing look-up may hold it for an instant. What was refused once is refused for ever.
        if (!IsAccepted(mine))
            _stale[place] = mine;
        mine = 0;
    }

    private void NoRoom(int place)
    {
        tally.Refused++;
        if (_mine[place] != 0)
            Return(ref _mine[place], place);
    }

    private bool IsAccepted(ulong handle)
    {
        if (cache.Discipline == SlabDiscipline.Exclusive)
            return false;
        var accepted = cache.TryGet(new SlabHandle(handle), out var reference);
        reference.Dispose();
        return accepted;
    }
}
