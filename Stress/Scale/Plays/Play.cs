namespace FolioRuntime.Scale.Plays;

/// <summary>A workload set up for one sample, whose threads then work until they are told to stop.</summary>
internal abstract class Play : IDisposable
{
    /// <summary>Works until <paramref name="stop"/>. Returns the operations done.</summary>
    public abstract long Run(int thread, StopSignal stop);

    /// <summary>Gives back what is still out, on the thread that set it up, after all others have ended.</summary>
    public void Dispose() => GiveBack();

    /// <summary>Gives back what is still out.</summary>
    protected virtual void GiveBack()
    {
    }
}
