using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text.Json;
using FolioRuntime.Harness;
using Microsoft.AspNetCore.Http;

namespace FolioRuntime.Serve.Servers;

/// <summary>What the server does with each request. Bodies are read and written through the connection's own buffers, which are looked at on the way. Thread-safe.</summary>
internal sealed class Handlers(AddressProof proof)
{
    private const int SocketBytes = 16 * 1024;

    private TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _requests;
    private long _held;
    private long _corrupted;

    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Uploads that nobody reads until <see cref="Release"/>.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Wrong bytes in uploads.</summary>
    public long Corrupted => Interlocked.Read(ref _corrupted);

    /// <summary>Lets the held uploads go on; later ones are held again.</summary>
    public void Release() =>
        Interlocked.Exchange(ref _release, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public async Task ServeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        var looks = proof.Samples();
        switch (context.Request.Path.Value)
        {
            case "/echo":
                await EchoAsync(context, looks);
                break;
            case "/json":
                await AnswerJsonAsync(context, looks);
                break;
            case "/download":
                await DownloadAsync(context, looks);
                break;
            case "/upload":
                await UploadAsync(context, looks);
                break;
            case "/held":
                await HoldAsync(context);
                break;
            case "/socket":
                await EchoSocketAsync(context);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private async Task EchoAsync(HttpContext context, bool looks)
    {
        context.Response.ContentLength = context.Request.ContentLength;
        var reader = context.Request.BodyReader;
        var writer = context.Response.BodyWriter;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            foreach (var segment in read.Buffer)
            {
                Look(looks, segment.Span);
                Copy(writer, segment.Span, looks);
            }

            reader.AdvanceTo(read.Buffer.End);
            await writer.FlushAsync(context.RequestAborted);
            if (read.IsCompleted)
                return;
        }
    }

    private async Task AnswerJsonAsync(HttpContext context, bool looks)
    {
        context.Response.ContentType = "application/json";
        Look(looks, context.Response.BodyWriter.GetSpan());
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
            JsonSerializer.Serialize(json, JsonAnswer.Of(Number(context, "seed")), ServerJson.Default.JsonAnswer);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private async Task DownloadAsync(HttpContext context, bool looks)
    {
        const int flushBytes = 32 * 1024;
        var seed = Number(context, "seed");
        var length = (long)Number(context, "length");
        context.Response.ContentLength = length;
        var writer = context.Response.BodyWriter;
        var unflushed = 0;
        for (var at = 0L; at < length;)
        {
            var memory = writer.GetMemory(1);
            Look(looks, memory.Span);
            var count = (int)Math.Min(memory.Length, length - at);
            Pattern.Fill(seed, at, memory.Span[..count]);
            writer.Advance(count);
            at += count;
            unflushed += count;
            if (at < length && unflushed < flushBytes)
                continue;
            unflushed = 0;
            var flush = await writer.FlushAsync(context.RequestAborted);
            if (flush.IsCompleted || flush.IsCanceled)
                return;
        }
    }

    private async Task UploadAsync(HttpContext context, bool looks)
    {
        var seed = Number(context, "seed");
        var at = 0L;
        var wrong = 0L;
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
            if (looks)
            {
                foreach (var segment in read.Buffer)
                    proof.Look(segment.Span);
            }

            wrong += Pattern.CountWrong(seed, at, read.Buffer);
            at += read.Buffer.Length;
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }

        Interlocked.Add(ref _corrupted, wrong);
        await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{at} {wrong}"), context.RequestAborted);
    }

    // Nobody reads: the connection fills as many blocks as it may.
    private async Task HoldAsync(HttpContext context)
    {
        var release = Volatile.Read(ref _release);
        Interlocked.Increment(ref _held);
        try
        {
            await release.Task.WaitAsync(context.RequestAborted);
        }
        finally
        {
            Interlocked.Decrement(ref _held);
        }

        await UploadAsync(context, looks: true);
    }

    /// <summary>Sends back what a web socket receives, until it is closed.</summary>
    public static async Task EchoSocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = ArrayPool<byte>.Shared.Rent(SocketBytes);
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
                if (received.MessageType == WebSocketMessageType.Close)
                    break;
                await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
            }

            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Copy(PipeWriter writer, ReadOnlySpan<byte> bytes, bool looks)
    {
        while (!bytes.IsEmpty)
        {
            var target = writer.GetSpan(1);
            Look(looks, target);
            var count = Math.Min(target.Length, bytes.Length);
            bytes[..count].CopyTo(target);
            writer.Advance(count);
            bytes = bytes[count..];
        }
    }

    private void Look(bool looks, ReadOnlySpan<byte> buffer)
    {
        if (looks)
            proof.Look(buffer);
    }

    private static ulong Number(HttpContext context, string name) => ulong.Parse(context.Request.Query[name].ToString(), CultureInfo.InvariantCulture);
}
