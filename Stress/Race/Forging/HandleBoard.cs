namespace FolioRuntime.Race.Forging;

/// <summary>Real handles for forgers to start from: those issued last, most of them alive, and a longer memory, most of it stale.</summary>
internal sealed class HandleBoard
{
    private const int RecentCells = 64;
    private const int OldCells = 4096;

    private readonly ulong[] _recent = new ulong[RecentCells];
    private readonly ulong[] _old = new ulong[OldCells];
    private uint _posted;

    public void Post(ulong handle)
    {
        var number = Interlocked.Increment(ref _posted);
        Volatile.Write(ref _recent[number % RecentCells], handle);
        Volatile.Write(ref _old[number % OldCells], handle);
    }

    public ulong Recent(ulong choice) => Volatile.Read(ref _recent[choice % RecentCells]);

    public ulong Old(ulong choice) => Volatile.Read(ref _old[choice % OldCells]);
}
