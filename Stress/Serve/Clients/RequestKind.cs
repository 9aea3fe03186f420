namespace FolioRuntime.Serve.Clients;

/// <summary>What a client does with a server. Every byte that comes back is known beforehand, and compared.</summary>
internal enum RequestKind
{
    /// <summary>HTTP/1.1: a body of up to 16 KiB, sent back.</summary>
    Echo,

    /// <summary>HTTP/1.1: some records as JSON.</summary>
    Json,

    /// <summary>HTTP/1.1: 64 KiB to 256 KiB come, once in 50 times 8 MiB.</summary>
    Download,

    /// <summary>HTTP/1.1: 64 KiB to 256 KiB go, once in 50 times 8 MiB; the server compares.</summary>
    Upload,

    /// <summary>A message of up to 12 KiB on the worker's web socket, sent back.</summary>
    WebSocket,

    /// <summary>HTTP/2 without TLS: as echo, many on one connection.</summary>
    Http2,

    /// <summary>TLS, with HTTP/1.1 or HTTP/2: as echo.</summary>
    Tls,

    /// <summary>A connection that is cut in the middle of an upload, a download, one over TLS, several streams of HTTP/2, or a message.</summary>
    Abort,
}
