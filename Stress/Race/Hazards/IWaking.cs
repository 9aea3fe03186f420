namespace FolioRuntime.Race.Hazards;

/// <summary>What frees memory in the background when it is woken, as its scene sees it: a runtime's, or a control.</summary>
internal interface IWaking : IDisposable
{
    /// <summary>Wants memory freed soon. Returns at once.</summary>
    void Wake();

    /// <summary>Plays the timer: looks, on the calling thread, if its time has come.</summary>
    /// <returns>Whether it had.</returns>
    bool LookIfDue();
}
