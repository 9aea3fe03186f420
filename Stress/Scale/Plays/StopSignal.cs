namespace FolioRuntime.Scale.Plays;

/// <summary>Tells the threads of a sample that its time is over.</summary>
internal sealed class StopSignal
{
    private volatile bool _isSet;

    public bool IsSet => _isSet;

    public void Set() => _isSet = true;
}
