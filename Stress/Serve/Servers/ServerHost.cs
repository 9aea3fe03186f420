using System.Net;
using System.Security.Cryptography;
using FolioRuntime.Hosting;
using FolioRuntime.Platform;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace FolioRuntime.Serve.Servers;

/// <summary>
/// A Kestrel on three ports of loopback, over one of the pools. It always has a runtime, so that addresses can be compared with its memory; where Kestrel serves from its own pool that runtime is as small as
/// can be, and no burden on the collector.
/// </summary>
internal sealed class ServerHost : IAsyncDisposable
{
    private static readonly TimeSpan s_longestStop = TimeSpan.FromSeconds(1);

    // The least that folio-serve's --capacity may be.
    private const long SmallestRuntimeBytes = 1 << 20;

    private readonly WebApplication _application;
    private readonly AddressProof _proof;
    private readonly Handlers _handlers;

    private ServerHost(WebApplication application, PoolRuntime runtime, AddressProof proof, Handlers handlers, string certificate)
    {
        _application = application;
        Runtime = runtime;
        _proof = proof;
        _handlers = handlers;
        var ports = application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(address => new Uri(address).Port).ToArray();
        Address = new ServerAddress(ports[0], ports[1], ports[2], certificate);
    }

    public ServerAddress Address { get; }

    public PoolRuntime Runtime { get; }

    public ServerStatus Status
    {
        get
        {
            var now = Runtime.Snapshot();
            return new ServerStatus(
                _handlers.Requests, _handlers.Held, _proof.Inside, _proof.Outside, _handlers.Corrupted, now.Violations.Values.Sum(), now.Caches.Sum(cache => cache.Fallbacks),
                GC.GetTotalAllocatedBytes(), GC.CollectionCount(0));
        }
    }

    public static async Task<ServerHost> StartAsync(ServedPool pool, long capacityBytes, TimeProvider? time = null)
    {
        var isServedFrom = pool is ServedPool.Folio or ServedPool.Twice;
        var runtime = new PoolRuntime(new PoolRuntimeOptions { Backing = MemoryBacking.PinnedArrays, CapacityBytes = isServedFrom ? capacityBytes : SmallestRuntimeBytes, Name = "kestrel", TimeProvider = time ?? TimeProvider.System });
        var certificate = ThrowAwayCertificate.Make();
        var proof = new AddressProof(runtime);
        var handlers = new Handlers(proof);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = null;
            options.Limits.MinRequestBodyDataRate = null;
            options.Limits.MinResponseDataRate = null;
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            options.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(certificate);
            });
        });
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(options => options.ShutdownTimeout = s_longestStop);
        switch (pool)
        {
            case ServedPool.Folio:
                builder.Services.AddKestrelMemoryPool(runtime);
                break;
            case ServedPool.Twice:
                builder.Services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>>(new TwiceRentedPoolFactory(runtime)));
                break;
        }

        var application = builder.Build();
        application.UseWebSockets();
        application.MapGet("/", StatusPage.ShowAsync);
        application.MapGet("/events", context => StatusPage.SendEventsAsync(context, pool, runtime, application.Lifetime.ApplicationStopping));
        application.MapFallback(handlers.ServeAsync);
        await application.StartAsync();
        return new ServerHost(application, runtime, proof, handlers, certificate.GetCertHashString(HashAlgorithmName.SHA256));
    }

    /// <summary>Lets the held uploads go on.</summary>
    public void Release() => _handlers.Release();

    public async ValueTask DisposeAsync()
    {
        _handlers.Release();
        await _application.StopAsync();
        await _application.DisposeAsync();
        Runtime.Dispose();
    }
}
