using System.Net;
using System.Net.Security;
using FolioRuntime.Serve.Servers;

namespace FolioRuntime.Serve.Clients;

/// <summary>The HTTP clients of one server, which keep their connections. Thread-safe.</summary>
internal sealed class ServerConnections : IDisposable
{
    private readonly HttpClient _http1;
    private readonly HttpClient _http2;
    private readonly HttpClient _tls1;
    private readonly HttpClient _tls2;

    public ServerConnections(ServerAddress address, int workers)
    {
        Address = address;
        _http1 = Client(address, $"http://127.0.0.1:{address.Http1}", HttpVersion.Version11, workers);
        _http2 = Client(address, $"http://127.0.0.1:{address.Http2}", HttpVersion.Version20, workers);
        _tls1 = Client(address, $"https://127.0.0.1:{address.Tls}", HttpVersion.Version11, workers);
        _tls2 = Client(address, $"https://127.0.0.1:{address.Tls}", HttpVersion.Version20, workers);
    }

    public ServerAddress Address { get; }

    public HttpClient Http1 => _http1;

    public HttpClient Http2 => _http2;

    public HttpClient Tls1 => _tls1;

    public HttpClient Tls2 => _tls2;

    public void Dispose()
    {
        _http1.Dispose();
        _http2.Dispose();
        _tls1.Dispose();
        _tls2.Dispose();
    }

    private static HttpClient Client(ServerAddress server, string address, Version version, int workers) =>
        new(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = workers,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => server.Accepts(certificate) },
        })
        {
            BaseAddress = new Uri(address),
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Timeout.InfiniteTimeSpan,
        };
}
