using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using FolioRuntime.Harness;
using FolioRuntime.Serve.Servers;

namespace FolioRuntime.Serve.Clients;

/// <summary>Connections that are reset in the middle of something. What came before is compared, as everything else.</summary>
internal static class CutConnection
{
    private const int BodyBytes = 1 << 20;
    private const int PieceBytes = 16 * 1024;

    /// <summary>An upload of which only a part is sent.</summary>
    public static async Task UploadAsync(ServerAddress address, ulong seed, int sentBytes, CancellationToken stop)
    {
        using var socket = await ConnectAsync(address.Http1, stop);
        var head = Encoding.ASCII.GetBytes($"POST /upload?seed={seed}&length={BodyBytes} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {BodyBytes}\r\n\r\n");
        await socket.SendAsync(head, stop);
        var body = new byte[sentBytes];
        Pattern.Fill(seed, 0, body);
        await socket.SendAsync(body, stop);
    }

    /// <summary>A download that is left when some has come. Returns wrong bytes.</summary>
    public static async Task<long> DownloadAsync(ServerAddress address, ulong seed, int leastBytes, bool overTls, CancellationToken stop)
    {
        using var socket = await ConnectAsync(overTls ? address.Tls : address.Http1, stop);
        await using var plain = new NetworkStream(socket, ownsSocket: false);
        if (!overTls)
            return await DownloadAsync(plain, seed, leastBytes, stop);
        await using var tls = new SslStream(plain, leaveInnerStreamOpen: true, (_, certificate, _, _) => address.Accepts(certificate));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, stop);
        return await DownloadAsync(tls, seed, leastBytes, stop);
    }

    /// <summary>
    /// A connection of HTTP/2 with two downloads and an upload under way, of which it is reset when some of the first has come. Returns wrong bytes. What the other two had sent or got is the server's to clear away.
    /// </summary>
    public static async Task<long> StreamsAsync(ServerAddress address, ulong seed, int leastBytes, CancellationToken stop)
    {
        using var socket = await ConnectAsync(address.Http2, stop);
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(new NetworkStream(socket, ownsSocket: false)),
        })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{address.Http2}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        using var first = await client.GetAsync(DownloadPath(seed), HttpCompletionOption.ResponseHeadersRead, stop);
        first.EnsureSuccessStatusCode();
        var others = Task.WhenAll(
            Requests.DownloadAsync(client, seed + 1, BodyBytes, stop),
            Requests.UploadAsync(client, "/upload", seed + 2, BodyBytes, stop));
        await using var body = await first.Content.ReadAsStreamAsync(stop);
        var wrong = await CountWrongAsync(body, seed, 0, leastBytes, new byte[PieceBytes], stop);

        // With a reset, under the client, which then sees those of the others fail that haven't ended.
        socket.Close();
        return wrong + await others.ContinueWith(
            static ended => ended.Exception is null && ended.IsCompletedSuccessfully ? ended.Result.Sum() : 0, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private static string DownloadPath(ulong seed) => $"/download?seed={seed}&length={BodyBytes}";

    private static async Task<long> DownloadAsync(Stream stream, ulong seed, int leastBytes, CancellationToken stop)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {DownloadPath(seed)} HTTP/1.1\r\nHost: localhost\r\n\r\n"), stop);
        var piece = new byte[PieceBytes];
        var held = 0;

        // The head ends with an empty line; what follows is the body.
        int body;
        while ((body = piece.AsSpan(0, held).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var count = await stream.ReadAsync(piece.AsMemory(held), stop);
            if (count == 0)
                throw new IOException("The connection ended within the head of an answer.");
            held += count;
        }

        var start = body + 4;
        return Pattern.CountWrong(seed, 0, piece.AsSpan(start, held - start)) + await CountWrongAsync(stream, seed, held - start, leastBytes, piece, stop);
    }

    /// <summary>Of a body, from a place in it until at least so many bytes of it have come.</summary>
    private static async Task<long> CountWrongAsync(Stream stream, ulong seed, int at, int leastBytes, byte[] piece, CancellationToken stop)
    {
        var wrong = 0L;
        while (at < leastBytes)
        {
            var count = await stream.ReadAsync(piece, stop);
            if (count == 0)
                throw new IOException("The connection ended within the body of an answer.");
            wrong += Pattern.CountWrong(seed, at, piece.AsSpan(0, count));
            at += count;
        }

        return wrong;
    }

    private static async Task<Socket> ConnectAsync(int port, CancellationToken stop)
    {
        // Closed with a reset, not a farewell.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(enable: true, seconds: 0) };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, stop);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
