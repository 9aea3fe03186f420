using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Runtime.InteropServices;
using FolioRuntime.Hosting;
using FolioRuntime.Integrations.Pipelines;
using FolioRuntime.Lifetimes;
using FolioRuntime.Serve.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FolioRuntime.Tests.Hosting;

/// <summary>A real Kestrel on loopback whose memory is ours, and what it serves. Notes whose memory its handlers saw.</summary>
internal sealed class KestrelHost : IAsyncDisposable
{
    public const int CapacityBytes = 16 << 20;

    private readonly WebApplication _application;
    private readonly List<Violation> _violations = [];
    private long _ours;
    private long _foreign;

    private KestrelHost(WebApplication application)
    {
        _application = application;
        Runtime = application.Services.GetRequiredKeyedService<PoolRuntime>(KestrelServiceExtensions.RuntimeName);
        Runtime.ViolationDetected += violation =>
        {
            lock (_violations)
                _violations.Add(violation);
        };
    }

    public PoolRuntime Runtime { get; }

    public Uri Address => new(_application.Urls.Single());

    /// <summary>Segments that handlers read or wrote and that lie in the runtime's one array.</summary>
    public long OurSegments => Interlocked.Read(ref _ours);

    public long ForeignSegments => Interlocked.Read(ref _foreign);

    /// <summary>Set by the handler that holds its request's bytes; it goes on when <see cref="Release"/> is set.</summary>
    public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What that handler saw after its release.</summary>
    public TaskCompletionSource<byte[]> Kept { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The bodies of requests to "/retain", in the pieces in which they came, kept past their requests.</summary>
    public ConcurrentQueue<RetainedSequence> Retained { get; } = new();

    public IReadOnlyList<ViolationKind> Misuse
    {
        get
        {
            lock (_violations)
                return [.. _violations.Select(violation => violation.Kind).Where(kind => kind != ViolationKind.OutstandingAtDispose)];
        }
    }

    public static async Task<KestrelHost> StartAsync(HttpProtocols protocols = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = null;
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols);
        });
        builder.Services.AddKestrelMemoryPool().Configure(settings => settings.CapacityBytes = CapacityBytes);
        var application = builder.Build();
        var host = new KestrelHost(application);
        application.UseWebSockets();
        application.Run(host.ServeAsync);
        await application.StartAsync();
        return host;
    }

    public static byte[] Pattern(int lengthBytes)
    {
        var bytes = new byte[lengthBytes];
        new Random(lengthBytes).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Stops without waiting for requests under way.</summary>
    public async Task StopAtOnceAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/bytes":
                await WriteAsync(context, Pattern(int.Parse(context.Request.QueryString.Value![1..], System.Globalization.CultureInfo.InvariantCulture)));
                break;
            case "/echo":
                await WriteAsync(context, await ReadAsync(context));
                break;
            case "/retain":
                while (await context.Request.BodyReader.ReadRetainedAsync(cancellationToken: context.RequestAborted) is { } bytes)
                    Retained.Enqueue(bytes);
                break;
            case "/hold":
                await HoldAsync(context);
                break;
            case "/socket":
                await Handlers.EchoSocketAsync(context);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private async Task<byte[]> ReadAsync(HttpContext context)
    {
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
            foreach (var segment in read.Buffer)
            {
                Note(segment);
                body.Write(segment.Span);
            }

            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return body.WrittenSpan.ToArray();
        }
    }

    private async Task WriteAsync(HttpContext context, byte[] bytes)
    {
        context.Response.ContentLength = bytes.Length;
        var writer = context.Response.BodyWriter;
        for (var at = 0; at < bytes.Length;)
        {
            var memory = writer.GetMemory(1);
            Note(memory);
            var count = Math.Min(memory.Length, bytes.Length - at);
            bytes.AsSpan(at, count).CopyTo(memory.Span);
            writer.Advance(count);
            at += count;

            // Several segments at a time: then the transport insists on arrays.
            if (at == bytes.Length || at % 5 == 0)
                await writer.FlushAsync(context.RequestAborted);
        }
    }

    private async Task HoldAsync(HttpContext context)
    {
        try
        {
            var length = (int)context.Request.ContentLength!;
            var read = await context.Request.BodyReader.ReadAtLeastAsync(length);
            Held.SetResult();
            await Release.Task;
            Kept.SetResult(read.Buffer.ToArray());
        }
        catch (Exception exception)
        {
            Kept.TrySetException(exception);
            throw;
        }
    }

    // The runtime's memory is one pinned array, larger than any other here.
    private void Note(ReadOnlyMemory<byte> segment)
    {
        var isOurs = MemoryMarshal.TryGetArray(segment, out var array) && array.Array!.Length >= CapacityBytes;
        Interlocked.Increment(ref isOurs ? ref _ours : ref _foreign);
    }
}
