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

    private static async Task<long> DownloadAsync(Stream stream, ulong seed, int leastBytes, CancellationToken stop)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /download?seed={seed}&length={BodyBytes} HTTP/1.1\r\nHost: localhost\r\n\r\n"), stop);
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
        var wrong = Pattern.CountWrong(seed, 0, piece.AsSpan(start, held - start));
        for (var at = held - start; at < leastBytes;)
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
