namespace FolioRuntime.Race.Hazards;

/// <summary>One life of an object that several threads try to end.</summary>
internal sealed class ReturnTicket(ulong handle)
{
    private int _returned;

    public ulong Handle { get; } = handle;

    /// <summary>One of the returns succeeded. False: not the first.</summary>
    public bool TryCount() => Interlocked.Increment(ref _returned) == 1;
}
