namespace FolioRuntime.Race.Protocols;

/// <summary>A protocol on whose words the effect of very many look-ups can be had at once.</summary>
internal interface IAgedProtocol : IProtocol
{
    /// <summary>Nobody holds anything: does to every word what so many failing look-ups of a dead object do.</summary>
    void AgeDead(ulong failedGets);
}
