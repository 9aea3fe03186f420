using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using FolioRuntime.Folios;
using FolioRuntime.Primitives;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NUnit.Framework;

namespace FolioRuntime.Tests.Hosting;

/// <summary>Kestrel over our slabs, with real sockets: what it carries is right, comes from us, and comes back.</summary>
[CancelAfter(120_000)]
public sealed class KestrelTests
{
    [TestCase("1.1", 1)]
    [TestCase("1.1", 4096)]
    [TestCase("1.1", 3_000_001)]
    [TestCase("2.0", 1)]
    [TestCase("2.0", 3_000_001)]
    public async Task What_is_sent_is_what_was_written_and_lay_in_our_slabs(string version, int lengthBytes)
    {
        await using var host = await KestrelHost.StartAsync(version == "2.0" ? HttpProtocols.Http2 : HttpProtocols.Http1);
        using var client = ClientOf(host, version);

        var received = await client.GetByteArrayAsync(new Uri($"/bytes?{lengthBytes}", UriKind.Relative));

        Assert.That(received.AsSpan().SequenceEqual(KestrelHost.Pattern(lengthBytes)), Is.True);
        AssertOurs(host);
    }

    [TestCase("1.1", 100)]
    [TestCase("1.1", 3_000_001)]
    [TestCase("2.0", 3_000_001)]
    public async Task What_is_received_is_what_was_sent_and_lay_in_our_slabs(string version, int lengthBytes)
    {
        await using var host = await KestrelHost.StartAsync(version == "2.0" ? HttpProtocols.Http2 : HttpProtocols.Http1);
        using var client = ClientOf(host, version);
        var sent = KestrelHost.Pattern(lengthBytes);

        using var content = new ByteArrayContent(sent);
        using var response = await client.PostAsync(new Uri("/echo", UriKind.Relative), content);

        Assert.That((await response.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(sent), Is.True);
        AssertOurs(host);
    }

    [Test]
    public async Task Many_requests_at_once_are_each_answered_with_their_own_bytes()
    {
        await using var host = await KestrelHost.StartAsync();
        using var client = ClientOf(host, "1.1");

        await Task.WhenAll(Enumerable.Range(1, 64).Select(async number =>
        {
            var sent = KestrelHost.Pattern(1000 * number);
            using var content = new ByteArrayContent(sent);
            using var response = await client.PostAsync(new Uri("/echo", UriKind.Relative), content);
            Assert.That((await response.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(sent), Is.True);
        }));
        AssertOurs(host);
    }

    [Test]
    public async Task A_web_socket_echoes()
    {
        await using var host = await KestrelHost.StartAsync();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(host.Address) { Scheme = "ws", Path = "/socket" }.Uri, CancellationToken.None);
        var sent = KestrelHost.Pattern(200_000);

        var sending = socket.SendAsync(sent.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        var received = new byte[sent.Length];
        for (var at = 0; at < received.Length;)
            at += (await socket.ReceiveAsync(received.AsMemory(at), CancellationToken.None)).Count;
        await sending;
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

        Assert.That(received.AsSpan().SequenceEqual(sent), Is.True);
        Assert.That(host.Runtime.Snapshot().Caches.Sum(cache => cache.SlabsCreated), Is.Positive);
        Assert.That(host.Misuse, Is.Empty);
    }

    [Test]
    public async Task Connections_cut_in_the_middle_of_a_request_lose_nothing()
    {
        var host = await KestrelHost.StartAsync();
        for (var number = 0; number < 50; number++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, host.Address.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"));
            await socket.SendAsync(KestrelHost.Pattern(100 * number));

            // Closed with a reset, not a farewell.
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        using (var client = ClientOf(host, "1.1"))
            Assert.That(await client.GetByteArrayAsync(new Uri("/bytes?9000", UriKind.Relative)), Has.Length.EqualTo(9000));
        await host.DisposeAsync();
        await AssertAllIsBackAsync(host);
    }

    [Test]
    public async Task Bytes_of_a_request_under_way_stay_whole_when_the_server_stops_around_it()
    {
        var host = await KestrelHost.StartAsync();
        using var client = ClientOf(host, "1.1");
        var sent = KestrelHost.Pattern(30_000);
        using var content = new ByteArrayContent(sent);
        var request = client.PostAsync(new Uri("/hold", UriKind.Relative), content);
        await host.Held.Task;

        await host.StopAtOnceAsync();
        host.Runtime.Trim();
        host.Release.SetResult();

        Assert.That((await host.Kept.Task).AsSpan().SequenceEqual(sent), Is.True);
        Assert.That(async () => await request, Throws.InstanceOf<HttpRequestException>());
        await host.DisposeAsync();
        await AssertAllIsBackAsync(host);
    }

    [TestCase("1.1", HttpProtocols.Http1)]
    [TestCase("2.0", HttpProtocols.Http2)]
    public async Task Bodies_are_kept_without_a_copy_past_their_requests_and_the_server(string version, HttpProtocols protocols)
    {
        var host = await KestrelHost.StartAsync(protocols);
        var sent = KestrelHost.Pattern(300_000);
        using (var client = ClientOf(host, version))
        {
            using var kept = new ByteArrayContent(sent);
            (await client.PostAsync(new Uri("/retain", UriKind.Relative), kept)).EnsureSuccessStatusCode();
            for (var number = 1; number < 20; number++)
            {
                using var passing = new ByteArrayContent(KestrelHost.Pattern(number * 10_000));
                (await client.PostAsync(new Uri("/echo", UriKind.Relative), passing)).EnsureSuccessStatusCode();
            }
        }

        await host.DisposeAsync();
        Assert.That(host.Retained.SelectMany(bytes => bytes.Sequence.ToArray()).SequenceEqual(sent), Is.True);
        Assert.That(host.Retained.Sum(bytes => bytes.CopiedBytes), Is.Zero);
        foreach (var bytes in host.Retained)
            bytes.Dispose();
        await AssertAllIsBackAsync(host);
    }

    [Test]
    public async Task Without_memory_it_is_served_from_arrays_and_counted()
    {
        await using var host = await KestrelHost.StartAsync();
        var hoard = new List<FolioOwner>();
        for (var order = host.Runtime.Options.MaxOrder; order >= 0;)
        {
            if (host.Runtime.Folios.TryAllocateOwner(new PageOrder(order), out var owner))
                hoard.Add(owner);
            else
                order--;
        }

        using var client = ClientOf(host, "1.1");
        var received = await client.GetByteArrayAsync(new Uri("/bytes?3000001", UriKind.Relative));

        Assert.That(received.AsSpan().SequenceEqual(KestrelHost.Pattern(3_000_001)), Is.True);
        Assert.That(host.Runtime.Snapshot().Caches.Sum(cache => cache.Fallbacks), Is.Positive);
        hoard.ForEach(owner => ((IDisposable)owner).Dispose());
    }

    private static HttpClient ClientOf(KestrelHost host, string version) => new()
    {
        BaseAddress = host.Address,
        DefaultRequestVersion = Version.Parse(version),
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static void AssertOurs(KestrelHost host)
    {
        var caches = host.Runtime.Snapshot().Caches;
        Assert.That(host.OurSegments, Is.Positive);
        Assert.That(host.ForeignSegments, Is.Zero);
        Assert.That(caches.Sum(cache => cache.SlabsCreated), Is.Positive);
        Assert.That(caches.Sum(cache => cache.Fallbacks), Is.Zero);
        Assert.That(host.Misuse, Is.Empty);
    }

    // The last of a cut connection may still be on its way when the host is gone.
    private static async Task AssertAllIsBackAsync(KestrelHost host)
    {
        var pages = host.Runtime.Pages;
        while (pages.AllocatedFrames > 0 && !TestContext.CurrentContext.CancellationToken.IsCancellationRequested)
            await Task.Yield();
        Assert.That(host.Runtime.IsDisposed, Is.True);
        Assert.That(pages.AllocatedFrames, Is.Zero);
        Assert.That(pages.FreeFrames + pages.RetiredFrames, Is.EqualTo(pages.CommittedFrames), "L8 at the end");
        Assert.That(host.Misuse, Is.Empty);
    }
}
