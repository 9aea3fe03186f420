using FolioRuntime.Lifetimes;
using FolioRuntime.Serve.Clients;
using FolioRuntime.Serve.Servers;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FolioRuntime.Tests.Hosting;

/// <summary>Kestrel over our slabs: TLS, bodies many times the runtime's memory, connections cut everywhere, and memory that goes back by itself.</summary>
[CancelAfter(120_000)]
internal sealed class KestrelTransferTests
{
    private const int CapacityBytes = 16 << 20;
    private const int LargeBytes = 100 << 20;

    private ServerHost _server = null!;
    private ServerConnections _connections = null!;
    private FakeTimeProvider _time = null!;

    [SetUp]
    public async Task Start()
    {
        _time = new FakeTimeProvider();
        _server = await ServerHost.StartAsync(ServedPool.Folio, CapacityBytes, _time);
        _connections = new ServerConnections(_server.Address, workers: 8);
    }

    [TearDown]
    public async Task Stop()
    {
        _connections.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Over_TLS_every_byte_is_right_and_lies_in_our_slabs([Values] bool isHttp2, [Values(1, 4096, 3_000_001)] int lengthBytes, CancellationToken stop)
    {
        var client = isHttp2 ? _connections.Tls2 : _connections.Tls1;
        for (var number = 0; number < AddressProof.SampleInterval; number++)
            Assert.That(await Requests.EchoAsync(client, (ulong)number, lengthBytes, stop), Is.Zero);
        AssertOurs();
    }

    [Test]
    public async Task A_body_many_times_the_runtimes_memory_goes_through_it([Values] bool isTls, [Values] bool isUpload, CancellationToken stop)
    {
        var client = isTls ? _connections.Tls1 : _connections.Http1;
        for (var number = 1; number < AddressProof.SampleInterval; number++)
            Assert.That(await Requests.JsonAsync(client, (ulong)number, stop), Is.Zero);
        Assert.That(isUpload ? await Requests.UploadAsync(client, "/upload", 5, LargeBytes, stop) : await Requests.DownloadAsync(client, 5, LargeBytes, stop), Is.Zero);
        AssertOurs();
    }

    [Test]
    public async Task Connections_cut_in_the_middle_of_anything_give_their_blocks_back(CancellationToken stop)
    {
        for (var number = 0; number < 30; number++)
        {
            await CutConnection.UploadAsync(_server.Address, (ulong)number, 1 + (3000 * number), stop);
            Assert.That(await CutConnection.DownloadAsync(_server.Address, (ulong)number, 1 + (3000 * number), overTls: number % 2 == 0, stop), Is.Zero);

            // One stream of an HTTP/2 connection that goes on.
            using var response = await _connections.Http2.GetAsync($"/download?seed={number}&length={LargeBytes}", HttpCompletionOption.ResponseHeadersRead, stop);
        }

        Assert.That(await Requests.EchoAsync(_connections.Http2, 1, 100_000, stop), Is.Zero);
        _connections.Dispose();
        await _server.DisposeAsync();

        // The last of a cut connection may still be on its way.
        while (_server.Runtime.Pages.AllocatedFrames > 0 && !stop.IsCancellationRequested)
            await Task.Yield();
        Assert.That(_server.Runtime.Pages.AllocatedFrames, Is.Zero);
        Assert.That(_server.Status.Violations, Is.Zero.Or.EqualTo(_server.Runtime.ViolationCount(ViolationKind.OutstandingAtDispose)));
    }

    [Test]
    [Platform("Linux")]
    public async Task What_a_burst_took_goes_back_by_itself(CancellationToken stop)
    {
        const int uploads = 8;
        var held = Enumerable.Range(0, uploads).Select(number => Requests.UploadAsync(_connections.Http1, "/held", (ulong)number, Burst.UploadBytes, stop)).ToArray();
        while ((_server.Status.HeldUploads < uploads || _server.Runtime.Snapshot().Caches.Sum(cache => cache.ActiveObjects) < uploads * (Burst.UploadBytes / 2 / 4096)) && !stop.IsCancellationRequested)
            await Task.Yield();
        _server.Release();
        Assert.That(await Task.WhenAll(held), Is.All.Zero);
        _connections.Dispose();
        while (_server.Runtime.Snapshot().Caches.Sum(cache => cache.ActiveObjects) > 64 && !stop.IsCancellationRequested)
            await Task.Yield();
        var before = _server.Runtime.Snapshot().Pages.DiscardedBytes;
        for (var look = 0; look < 6; look++)
            _time.Advance(_server.Runtime.Options.TrimInterval);
        var now = _server.Runtime.Snapshot().Pages;
        Assert.That(now.DiscardedBytes - before, Is.GreaterThan(uploads * Burst.UploadBytes / 4));
        Assert.That(now.AllocatedFrames * 4096, Is.LessThan(uploads * Burst.UploadBytes / 4));
    }

    private void AssertOurs()
    {
        var status = _server.Status;
        Assert.That(status.BuffersInside, Is.Positive);
        Assert.That((status.BuffersOutside, status.Fallbacks, status.Violations, status.CorruptedBytes), Is.EqualTo((0L, 0L, 0L, 0L)));
    }
}
