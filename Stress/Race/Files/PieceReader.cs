using System.IO.Hashing;
using FolioRuntime.Folios;

namespace FolioRuntime.Race.Files;

/// <summary>Reads pieces out of the runtime, by fresh handles and stale ones, and compares what comes out.</summary>
internal sealed class PieceReader(PieceStore store)
{
    private readonly byte[] _copy = new byte[Segment.LargestBytes];

    public FilesTally Tally { get; } = new();

    /// <summary>A reference on a folio that is certainly alive.</summary>
    public FolioReference Held(FolioHandle folio)
    {
        if (store.Folios.TryGet(folio, out var reference))
            return reference;
        Tally.FreshRejected++;
        throw new InvalidOperationException($"{folio} was refused although it is alive.");
    }

    /// <summary>Reads a piece that nobody can have evicted.</summary>
    public void ReadOwn(Piece piece)
    {
        if (!ReadThroughNode(piece, optimistic: false))
            Tally.FreshRejected++;
    }

    /// <summary>Reads a piece that others may be evicting meanwhile. Whatever comes out must be right.</summary>
    public void ReadLeft(Piece piece, int way)
    {
        if (way == 0 && piece.IsInFolio)
            ReadWithoutHold(piece);
        else
            ReadThroughNode(piece, optimistic: way == 1);
    }

    /// <summary>Tries every handle of a piece that is gone, in every way there is.</summary>
    public void TryStale(Piece piece)
    {
        Judge(store.Nodes.TryGet(piece.Node, out var node));
        node.Dispose();
        if (!piece.IsInFolio)
        {
            Judge(store.Inlines.TryGet(piece.Inline, out var inline));
            inline.Dispose();
            return;
        }

        Judge(store.Folios.TryGet(piece.Folio, out var folio));
        folio.Dispose();
        Judge(store.Folios.TryRead(piece.Folio, 0, _copy.AsSpan(0, Math.Min(64, piece.Content.LengthBytes))));

        void Judge(bool accepted)
        {
            if (accepted)
                Tally.StaleAccepted++;
            else
                Tally.StaleRejected++;
        }
    }

    /// <summary>By the node, which keeps the bytes while it is held. False: the node is gone.</summary>
    private bool ReadThroughNode(Piece piece, bool optimistic)
    {
        if (!store.Nodes.TryGet(piece.Node, out var node))
            return false;
        using (node)
        {
            if (node.Value != piece.Content)
                Tally.Mismatches++;
            else if (!piece.IsInFolio)
                ReadInline(piece);
            else if (!optimistic)
                ReadFolio(piece);
            else if (!ReadWithoutHold(piece))
                Tally.FreshRejected++;
        }

        return true;
    }

    private void ReadInline(Piece piece)
    {
        if (!store.Inlines.TryGet(piece.Inline, out var inline))
        {
            Tally.FreshRejected++;
            return;
        }

        using (inline)
            Compare(piece, inline.Value);
    }

    private void ReadFolio(Piece piece)
    {
        using var folio = Held(piece.Folio);
        Compare(piece, folio.Bytes);
    }

    /// <summary>Copies optimistically: nothing is held by the read itself, and a copy that validates must be right. False: it didn't.</summary>
    private bool ReadWithoutHold(Piece piece)
    {
        var copy = _copy.AsSpan(0, piece.Content.LengthBytes);
        if (!store.Folios.TryRead(piece.Folio, 0, copy))
            return false;
        Compare(piece, copy);
        return true;
    }

    private void Compare(Piece piece, ReadOnlySpan<byte> bytes)
    {
        Tally.Reads++;
        if (XxHash128.HashToUInt128(bytes[..piece.Content.LengthBytes]) != piece.Content.Hash)
            Tally.Mismatches++;
    }
}
