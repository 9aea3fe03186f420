using System.IO.Hashing;
using FolioRuntime.Folios;
using FolioRuntime.Harness;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using Microsoft.Win32.SafeHandles;

namespace FolioRuntime.Race.Files;

/// <summary>
/// One thread's hands. For each piece: read it into the runtime, read it back, leave it to the others; then read back something the
/// others left, and try handles of what was evicted.
/// </summary>
internal sealed class FilesWorker(PieceStore store, FilesOptions options, int index, CancellationToken stop)
{
    private const int InlinePercent = 25;
    private const int StaleTries = 2;
    private const int PiecesBetweenSamples = 64;
    private const int PiecesBetweenWaves = 256;
    private const int WavePieces = 128;

    // Many small folios and some large ones, so that every order is split from, and merged into, others all the time.
    private static readonly int[] s_orders = [0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 5];

    private readonly byte[] _straight = new byte[Segment.LargestBytes];
    private readonly byte[] _again = new byte[Segment.LargestBytes];
    private readonly PieceReader _reader = new(store);
    private XorShift _random = new(options.Seed, index);

    public FilesTally Tally => _reader.Tally;

    /// <summary>Reads a segment in and back. False: told to stop, or the file can't be read or isn't what it was.</summary>
    public bool TryRead(FileEntry file, Segment segment)
    {
        try
        {
            using var handle = File.OpenHandle(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return TryReadStraight(handle, segment, _straight) && TryReadInPieces(handle, segment);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool TryReadStraight(SafeFileHandle file, Segment segment, Span<byte> buffer) =>
        TryFill(file, buffer[..segment.LengthBytes], segment.OffsetBytes);

    private static bool TryFill(SafeFileHandle file, Span<byte> destination, long offsetBytes)
    {
        try
        {
            // Ends: each turn reads at least a byte, or is the last.
            while (destination.Length > 0)
            {
                var read = RandomAccess.Read(file, destination, offsetBytes);
                if (read == 0)
                    return false;
                destination = destination[read..];
                offsetBytes += read;
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private bool TryReadInPieces(SafeFileHandle file, Segment segment)
    {
        for (var done = 0; done < segment.LengthBytes;)
        {
            if (stop.IsCancellationRequested)
                return false;
            var (order, length) = NextPiece(segment.LengthBytes - done);
            var hash = XxHash128.HashToUInt128(_straight.AsSpan(done, length));
            var part = new Segment(segment.File, segment.OffsetBytes + done, length);
            if (Load(file, part, order, hash) is not { } piece)
                return false;
            if (!Verify(file, segment, piece))
                return false;
            done += length;
            if (store.Resident.Post(piece) is { } displaced)
                store.Evict(displaced, Tally);
            AfterPiece();
        }

        return true;
    }

    /// <summary>How the next piece is stored: order -1 is a small object.</summary>
    private (int Order, int LengthBytes) NextPiece(int remainingBytes)
    {
        if (remainingBytes <= InlineBytes.LargestBytes)
            return (-1, remainingBytes);
        if (_random.Below(100) < InlinePercent)
            return (-1, 1 + _random.Below(InlineBytes.LargestBytes));
        var order = s_orders[_random.Below(s_orders.Length)];
        return (order, (int)Math.Min(remainingBytes, new PageOrder(order).Bytes));
    }

    /// <summary>Reads a piece from the file into the runtime and makes a node for it. Null: the file has become shorter.</summary>
    private Piece? Load(SafeFileHandle file, Segment part, int order, UInt128 hash)
    {
        FolioHandle folio = default;
        SlabHandle<InlineBytes> inline = default;
        bool filled;
        if (order < 0)
        {
            for (var waiting = default(Patience); !store.TryRentInline(Tally, out inline);)
                MakeRoom(ref waiting);
            filled = Fill(file, part, ((Span<byte>)store.Inlines.ValueOf(inline))[..part.LengthBytes]);
        }
        else
        {
            for (var waiting = default(Patience); !store.TryRentFolio(new PageOrder(order), Tally, out folio);)
                MakeRoom(ref waiting);
            using var reference = _reader.Held(folio);
            filled = Fill(file, part, reference.Bytes[..part.LengthBytes]);
        }

        var content = new IndexNode(part.File, part.OffsetBytes, part.LengthBytes, folio, inline, hash);
        SlabHandle<IndexNode> node;
        for (var waiting = default(Patience); !store.TryRentNode(content, Tally, out node);)
            MakeRoom(ref waiting);
        var piece = new Piece(node, content);
        if (filled)
            return piece;
        store.Evict(piece, Tally);
        return null;
    }

    private bool Fill(SafeFileHandle file, Segment part, Span<byte> destination)
    {
        if (!TryFill(file, destination, part.OffsetBytes))
            return false;
        options.Tamper?.Invoke(part, destination);
        return true;
    }

    /// <summary>Reads back what was just loaded. False: it differs because the file changed between the two reads; then it is thrown away.</summary>
    private bool Verify(SafeFileHandle file, Segment segment, Piece piece)
    {
        var mismatchesBefore = Tally.Mismatches;
        _reader.ReadOwn(piece);
        Tally.Bytes += piece.Content.LengthBytes;
        if (Tally.Mismatches == mismatchesBefore)
            return true;
        var again = _again.AsSpan(0, segment.LengthBytes);
        var unchanged = TryReadStraight(file, segment, again) && again.SequenceEqual(_straight.AsSpan(0, segment.LengthBytes));
        if (unchanged)
            return true;
        Tally.Mismatches = mismatchesBefore;
        store.Evict(piece, Tally);
        return false;
    }

    private void AfterPiece()
    {
        if (store.Resident.Peek(_random.Below(1 << 16)) is { } left)
            _reader.ReadLeft(left, _random.Below(3));
        for (var i = 0; i < StaleTries; i++)
        {
            if (store.Stale.Peek(_random.Below(1 << 16)) is { } stale)
                _reader.TryStale(stale);
        }

        if (_random.OnceIn(PiecesBetweenWaves))
            EvictWave();
        if (_random.OnceIn(PiecesBetweenSamples))
            Tally.PeakFrames = Math.Max(Tally.PeakFrames, store.Pool.Pages.AllocatedFrames);
    }

    /// <summary>Now and then many pieces go at once, as under memory pressure: whole slabs empty, and their pages come back as something else.</summary>
    private void EvictWave()
    {
        for (var i = 0; i < WavePieces && store.Resident.Take() is { } piece; i++)
            store.Evict(piece, Tally);
    }

    private void MakeRoom(ref Patience waiting)
    {
        if (store.Resident.Take() is { } piece)
            store.Evict(piece, Tally);
        else
            waiting.Wait();
    }
}
