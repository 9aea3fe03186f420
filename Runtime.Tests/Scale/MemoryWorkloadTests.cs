using FolioRuntime.Scale.Measurements;
using FolioRuntime.Scale.Peers;
using FolioRuntime.Scale.Plays;
using NUnit.Framework;

namespace FolioRuntime.Tests.Scale;

/// <summary>That every workload gives back exactly what it got, whoever ends with it; and that a peer which hands a piece out twice is found by the one that checks.</summary>
internal sealed class MemoryWorkloadTests
{
    private static readonly TimeSpan s_time = TimeSpan.FromMilliseconds(30);

    private static IEnumerable<string> Workloads => WorkloadCatalog.All.OfType<MemoryWorkload>().Select(workload => workload.Name);

    [Test]
    public void All_that_is_rented_is_returned_once([ValueSource(nameof(Workloads))] string name, [Values(1, 3)] int threads)
    {
        var workload = (MemoryWorkload)WorkloadCatalog.All.Single(known => known.Name == name);
        var ledger = new Ledger();
        var count = workload.ThreadsFor(threads);
        Func<Play> begin = () => workload.Begin<LedgerPeer, Piece>(new LedgerPeer(ledger), count);
        var figures = Sampler.Play(new Sample(begin, static () => { }, new MemoryStream()) { Rehearse = begin }, count, s_time, CancellationToken.None);
        Assert.That(figures.OperationsPerSecond, Is.Positive);
        Assert.That((ledger.Out, ledger.Wrong), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void A_piece_that_two_hold_is_found_by_the_workload_that_checks()
    {
        var workload = (MemoryWorkload)WorkloadCatalog.All.Single(known => known.Name == "mstress");
        var play = workload.Begin<OnePiecePeer, byte[]>(new OnePiecePeer(new byte[PeerCatalog.LargestBytes]), 1);
        Assert.That(() => Sampler.Play(new Sample(() => play, static () => { }, new MemoryStream()), 1, s_time, CancellationToken.None), Throws.InvalidOperationException.With.Message.Contain("overwritten"));
    }

    private sealed class Ledger
    {
        public long Out;
        public long Wrong;
    }

    private sealed class Piece(int sizeBytes)
    {
        public byte[] Bytes { get; } = new byte[sizeBytes];

        public int Returned;
    }

    /// <summary>Counts what is out, and what comes back twice or with another size.</summary>
    private readonly struct LedgerPeer(Ledger ledger) : IPeer<Piece>
    {
        public Piece Rent(int sizeBytes)
        {
            Interlocked.Increment(ref ledger.Out);
            return new Piece(sizeBytes);
        }

        public Span<byte> RentBytes(int sizeBytes, out Piece item)
        {
            item = Rent(sizeBytes);
            return item.Bytes;
        }

        public void Return(Piece item, int sizeBytes)
        {
            Interlocked.Decrement(ref ledger.Out);
            if (item.Bytes.Length != sizeBytes || Interlocked.Exchange(ref item.Returned, 1) != 0)
                Interlocked.Increment(ref ledger.Wrong);
        }

        public Span<byte> BytesOf(Piece item, int sizeBytes) => item.Bytes;
    }

    /// <summary>The control: everybody gets the same bytes.</summary>
    private readonly struct OnePiecePeer(byte[] bytes) : IPeer<byte[]>
    {
        public byte[] Rent(int sizeBytes) => bytes;

        public Span<byte> RentBytes(int sizeBytes, out byte[] item) => item = Rent(sizeBytes);

        public void Return(byte[] item, int sizeBytes)
        {
        }

        public Span<byte> BytesOf(byte[] item, int sizeBytes) => item;
    }
}
