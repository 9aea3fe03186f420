namespace FolioRuntime.Race.Hazards;

/// <summary>What calls shrinkers, as its scene sees it: a runtime that is out of memory, or a control.</summary>
internal interface IShrinking : IDisposable
{
    /// <summary>Has a shrinker called from now on, until the result is disposed.</summary>
    IDisposable Register(Action shrinker);

    /// <summary>Calls all that are registered.</summary>
    void Shrink();
}
