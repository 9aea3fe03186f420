using System.Diagnostics;
using FolioRuntime.Scale.Measurements;

namespace FolioRuntime.Scale.Peers;

/// <summary>Any peer with each of its calls timed. What a look at the clock costs is in every time.</summary>
internal readonly struct TimedPeer<TPeer, TItem>(TPeer peer, LatencyRecorder recorder) : IPeer<TItem>
    where TPeer : struct, IPeer<TItem>
{
    public TItem Rent(int sizeBytes)
    {
        var start = Stopwatch.GetTimestamp();
        var item = peer.Rent(sizeBytes);
        recorder.Record(Stopwatch.GetTimestamp() - start);
        return item;
    }

    public Span<byte> RentBytes(int sizeBytes, out TItem item)
    {
        var start = Stopwatch.GetTimestamp();
        var bytes = peer.RentBytes(sizeBytes, out item);
        recorder.Record(Stopwatch.GetTimestamp() - start);
        return bytes;
    }

    public void Return(TItem item, int sizeBytes)
    {
        var start = Stopwatch.GetTimestamp();
        peer.Return(item, sizeBytes);
        recorder.Record(Stopwatch.GetTimestamp() - start);
    }

    public Span<byte> BytesOf(TItem item, int sizeBytes) => peer.BytesOf(item, sizeBytes);
}
