using FolioRuntime.Scale.Measurements;
using FolioRuntime.Scale.Peers;

namespace FolioRuntime.Scale.Plays;

/// <summary>A workload that gets memory and gives it back, from whatever peer.</summary>
/// <param name="name">In options, tables and JSON.</param>
/// <param name="about">What is done, in a sentence.</param>
/// <param name="operation">What is counted as one operation.</param>
/// <param name="fixedBytes">Bytes of every piece; 0: they differ.</param>
/// <param name="largestBytes">Bytes of the largest.</param>
internal abstract class MemoryWorkload(string name, string about, string operation, int fixedBytes, int largestBytes) : Workload(name, about, operation)
{
    public override IReadOnlyList<string> Peers { get; } = [.. PeerCatalog.All.Where(peer => peer.Serves(fixedBytes, largestBytes)).Select(peer => peer.Name)];

    protected int FixedBytes => fixedBytes;

    public override Sample? Begin(string peer, int threads, LatencyRecorder? recorder)
    {
        if (PeerCatalog.All.Single(known => known.Name == peer).Make(fixedBytes) is not { } instance)
            return null;
        return new Sample(() => instance.Begin(this, threads, recorder), instance.Trim, instance) { Rehearse = () => instance.Begin(this, threads, recorder is null ? null : new LatencyRecorder()) };
    }

    /// <summary>Sets it up on one type of peer.</summary>
    public abstract Play Begin<TPeer, TItem>(TPeer peer, int threads)
        where TPeer : struct, IPeer<TItem>;
}
