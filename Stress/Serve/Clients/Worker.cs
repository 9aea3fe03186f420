using System.Diagnostics;
using System.Net.WebSockets;
using FolioRuntime.Harness;

namespace FolioRuntime.Serve.Clients;

/// <summary>One request after the other, of kinds and lengths that follow from seed and number. Used by one task at a time.</summary>
internal sealed class Worker(ServerConnections connections, RequestMix mix, ulong seed, int number) : IDisposable
{
    private const int EchoBytes = 16 * 1024;
    private const int MessageBytes = 12 * 1024;
    private const int FileBytes = 64 * 1024;
    private const int LargeFileBytes = 8 << 20;
    private const int LargeOneIn = 50;

    private readonly byte[] _message = new byte[MessageBytes];
    private readonly byte[] _received = new byte[MessageBytes];
    private XorShift _random = new(seed, number);
    private ClientWebSocket? _socket;

    /// <summary>Works until the deadline. A request that is under way then is finished first.</summary>
    /// <param name="duration">For how long.</param>
    /// <param name="patience">After which a request counts as failed.</param>
    /// <param name="stop">Ends at once; what is given up then is no failure.</param>
    public async Task<Tally> WorkAsync(TimeSpan duration, TimeSpan patience, CancellationToken stop)
    {
        var tally = new Tally();
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < duration && !stop.IsCancellationRequested)
        {
            var kind = mix.Next(ref _random);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            end.CancelAfter(patience);
            try
            {
                await DoAsync(kind, tally, end.Token);
            }
            catch (Exception exception) when (stop.IsCancellationRequested)
            {
                // Given up because the run ends.
                Debug.WriteLine(exception.Message);
            }
            catch (OperationCanceledException)
            {
                tally.NoteFailure($"{Names.Of(kind)}: no answer within {patience.TotalSeconds} s");
                DropSocket();
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or WebSocketException or System.Net.Sockets.SocketException or InvalidDataException
                or System.Security.Authentication.AuthenticationException || IsOfTheNetwork(exception))
            {
                tally.NoteFailure($"{Names.Of(kind)}: {exception.Message}");
                DropSocket();
            }
        }

        return tally;
    }

    public void Dispose() => DropSocket();

    // Answers that are somebody else's bytes also end in exceptions that only the library itself can name, such as its decoder's of headers.
    private static bool IsOfTheNetwork(Exception exception) => exception.GetType().Namespace is { } name && name.StartsWith("System.Net.", StringComparison.Ordinal);

    private async Task DoAsync(RequestKind kind, Tally tally, CancellationToken stop)
    {
        if (kind == RequestKind.Abort)
        {
            tally.NoteCorrupted(await CutAsync(stop));
            tally.NoteAbort();
            return;
        }

        if (kind == RequestKind.WebSocket && _socket is null)
            await ConnectAsync(stop);
        var start = Stopwatch.GetTimestamp();
        var wrong = await AskAsync(kind, stop);
        tally.NoteAnswer(kind, (long)Stopwatch.GetElapsedTime(start).TotalMicroseconds, wrong);
    }

    private Task<long> AskAsync(RequestKind kind, CancellationToken stop)
    {
        var body = _random.Next();
        return kind switch
        {
            RequestKind.Echo => Requests.EchoAsync(connections.Http1, body, EchoLength(), stop),
            RequestKind.Json => Requests.JsonAsync(connections.Http1, body, stop),
            RequestKind.Download => Requests.DownloadAsync(connections.Http1, body, FileLength(), stop),
            RequestKind.Upload => Requests.UploadAsync(connections.Http1, "/upload", body, FileLength(), stop),
            RequestKind.WebSocket => SendMessageAsync(body, 1 + _random.Below(MessageBytes), stop),
            RequestKind.Http2 => Requests.EchoAsync(connections.Http2, body, EchoLength(), stop),
            RequestKind.Tls => Requests.EchoAsync(_random.OnceIn(2) ? connections.Tls1 : connections.Tls2, body, EchoLength(), stop),
            _ => throw new InvalidOperationException($"{kind} asks for nothing."),
        };
    }

    private async Task<long> CutAsync(CancellationToken stop)
    {
        var body = _random.Next();
        var length = 1 + _random.Below(4 * FileBytes);
        switch (_random.Below(10))
        {
            case 0:
                return await CutConnection.DownloadAsync(connections.Address, body, length, overTls: true, stop);
            case 1:
                if (_socket is null)
                    await ConnectAsync(stop);
                Pattern.Fill(body, 0, _message);
                await _socket!.SendAsync(_message.AsMemory(), WebSocketMessageType.Binary, endOfMessage: false, stop);
                _socket.Abort();
                DropSocket();
                return 0;
            case 2:
                return await CutConnection.StreamsAsync(connections.Address, body, length, stop);
            case < 6:
                await CutConnection.UploadAsync(connections.Address, body, length, stop);
                return 0;
            default:
                return await CutConnection.DownloadAsync(connections.Address, body, length, overTls: false, stop);
        }
    }

    private async Task<long> SendMessageAsync(ulong body, int lengthBytes, CancellationToken stop)
    {
        var message = _message.AsMemory(0, lengthBytes);
        Pattern.Fill(body, 0, message.Span);
        await _socket!.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, stop);
        var at = 0;
        while (true)
        {
            var received = await _socket.ReceiveAsync(_received.AsMemory(at), stop);
            if (received.MessageType == WebSocketMessageType.Close)
                throw new IOException("The server closed the web socket.");
            at += received.Count;
            if (received.EndOfMessage)
                break;
            if (at == _received.Length)
                throw new InvalidDataException("The message that came back is longer than the one sent.");
        }

        return Pattern.CountWrong(body, 0, _received.AsSpan(0, at)) + Math.Abs(lengthBytes - at);
    }

    // Most are small: the product of two draws.
    private int EchoLength() => 1 + (int)((long)_random.Below(EchoBytes) * _random.Below(EchoBytes) / EchoBytes);

    private long FileLength() => _random.OnceIn(LargeOneIn) ? LargeFileBytes : FileBytes + _random.Below(3 * FileBytes);

    private async Task ConnectAsync(CancellationToken stop)
    {
        var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{connections.Address.Http1}/socket"), stop);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        _socket = socket;
    }

    private void DropSocket()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
