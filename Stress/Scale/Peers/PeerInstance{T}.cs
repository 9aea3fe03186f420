using FolioRuntime.Scale.Measurements;
using FolioRuntime.Scale.Plays;

namespace FolioRuntime.Scale.Peers;

/// <summary>A <see cref="PeerInstance"/> of one type of peer.</summary>
internal sealed class PeerInstance<TPeer, TItem>(TPeer peer, IDisposable? owner = null, Action? trim = null) : PeerInstance
    where TPeer : struct, IPeer<TItem>
{
    public override Play Begin(MemoryWorkload workload, int threads, LatencyRecorder? recorder) => recorder is null
        ? workload.Begin<TPeer, TItem>(peer, threads)
        : workload.Begin<TimedPeer<TPeer, TItem>, TItem>(new TimedPeer<TPeer, TItem>(peer, recorder), threads);

    public override void Trim() => trim?.Invoke();

    public override void Dispose() => owner?.Dispose();
}
