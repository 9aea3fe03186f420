using System.Buffers;
using System.Net;
using FolioRuntime.Harness;

namespace FolioRuntime.Serve.Clients;

/// <summary>A body that is made while it is sent.</summary>
internal sealed class PatternContent(ulong seed, long lengthBytes) : HttpContent
{
    private const int PieceBytes = 16 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            for (var at = 0L; at < lengthBytes;)
            {
                var count = (int)Math.Min(PieceBytes, lengthBytes - at);
                Pattern.Fill(seed, at, piece.AsSpan(0, count));
                await stream.WriteAsync(piece.AsMemory(0, count), cancellationToken);
                at += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = lengthBytes;
        return true;
    }
}
