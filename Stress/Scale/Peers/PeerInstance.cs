using FolioRuntime.Scale.Measurements;
using FolioRuntime.Scale.Plays;

namespace FolioRuntime.Scale.Peers;

/// <summary>A peer made for one sample. Disposing it gives back what it can.</summary>
internal abstract class PeerInstance : IDisposable
{
    /// <summary>Sets a workload up on it; with a recorder, each call is timed.</summary>
    public abstract Play Begin(MemoryWorkload workload, int threads, LatencyRecorder? recorder);

    /// <summary>Gives back what it keeps free, as far as it can be told to.</summary>
    public abstract void Trim();

    public abstract void Dispose();
}
