using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FolioRuntime.Serve.Servers;

/// <summary>Where a server listens on loopback.</summary>
/// <param name="Http1">Port for HTTP/1.1.</param>
/// <param name="Http2">Port for HTTP/2 without TLS.</param>
/// <param name="Tls">Port for TLS.</param>
/// <param name="Certificate">SHA-256 of the certificate that it shows there: who connects takes no other.</param>
internal sealed record ServerAddress(int Http1, int Http2, int Tls, string Certificate)
{
    /// <summary>Whether this is the server's certificate. Nobody signed it but the server itself.</summary>
    public bool Accepts(X509Certificate? certificate) => certificate is not null && certificate.GetCertHashString(HashAlgorithmName.SHA256) == Certificate;
}
