using FolioRuntime.Folios;
using FolioRuntime.PageCaching;

namespace FolioRuntime.Caching.Verifying;

/// <content>Reads by every way, and what must hold of each.</content>
internal sealed partial class VerifyWorker
{
    private const byte Untouched = 0x5A;
    private const int PauseReads = 8;
    private const int ControlBytes = 64;

    // A read that was given up and must not write any more, once the result was there; null: none.
    private byte[]? _given;

    private void Read(ReadWay way, VerifiedFile file, int bytes)
    {
        var offset = ChooseOffset(file);
        var destination = _buffer.AsSpan(0, bytes);
        _judge.Begin(file, offset, bytes);
        Check(way, file, offset, destination, file.Mapping.Read(offset, destination));
    }

    private void ReadFolio(VerifiedFile file)
    {
        var page = ChoosePage(file);
        var offset = (long)page * VerifiedFile.PageBytes;
        _judge.Begin(file, offset, VerifiedFile.PageBytes);
        if (_random.OnceIn(2))
        {
            if (!file.Mapping.TryGetFolio(page, out var cached))
                return;
            CheckHeld(file, offset, cached);
            return;
        }

        try
        {
            CheckHeld(file, offset, file.Mapping.GetFolio(page));
        }
        catch (ArgumentOutOfRangeException) when (_judge.IsPossible(0))
        {
            // The file ends before the page.
        }
    }

    // While it is held the page is this page, whatever happens meanwhile.
    private void CheckHeld(VerifiedFile file, long offset, FolioReference folio)
    {
        try
        {
            NoteHeld(file, offset, folio);
            if (_random.OnceIn(4))
            {
                Thread.Yield();
                NoteHeld(file, offset, folio);
            }
        }
        finally
        {
            folio.Dispose();
        }
    }

    // Copied first: it may be written to while it is compared.
    private void NoteHeld(VerifiedFile file, long offset, FolioReference folio)
    {
        var copy = _buffer.AsSpan(0, VerifiedFile.PageBytes);
        folio.Bytes.Slice(PageMapping.OffsetInFolio(folio, offset / VerifiedFile.PageBytes), copy.Length).CopyTo(copy);
        Note(ReadWay.Folio, file, offset, copy);
    }

    private void ReadAsync(VerifiedFile file)
    {
        if (_given is { } given && given.AsSpan().ContainsAnyExcept(Untouched))
            Tally.Fault("a read that was given up wrote into its memory afterwards");
        _given = null;
        var offset = ChooseOffset(file);
        var destination = new byte[1 + _random.Below(2 * VerifiedFile.PageBytes)];
        using var stop = new CancellationTokenSource();
        _judge.Begin(file, offset, destination.Length);
        var isGivenUp = _random.OnceIn(3);
        try
        {
            var reading = file.Mapping.ReadAsync(offset, destination, stop.Token).AsTask();
            if (isGivenUp)
                stop.Cancel();
            Check(ReadWay.Async, file, offset, destination, reading.GetAwaiter().GetResult());
        }
        catch (OperationCanceledException) when (isGivenUp)
        {
            Tally.Cancelled++;
            destination.AsSpan().Fill(Untouched);
            _given = destination;
        }
    }

    private void ReadByControl(VerifiedFile file)
    {
        var page = ChoosePage(file);
        var within = _random.Below(VerifiedFile.PageBytes - ControlBytes);
        var offset = ((long)page * VerifiedFile.PageBytes) + within;
        var copy = _buffer.AsSpan(0, ControlBytes);
        _judge.Begin(file, offset, ControlBytes);
        try
        {
            if (_control!.TryRead(file, page, within, copy, Pause) && _judge.CountWrong(copy, mayMix: true) > 0)
                Tally.ControlViolations++;
        }
        catch (ArgumentOutOfRangeException) when (_judge.IsPossible(0))
        {
            // The file ends before the page.
        }
    }

    // What a thread that is interrupted misses: others read pages of their own.
    private void Pause()
    {
        for (var i = 0; i < PauseReads; i++)
        {
            var file = _scene.Files[_random.Below(_scene.Files.Count)];
            file.Mapping.Read((long)_random.Below(file.Pages.Count) * VerifiedFile.PageBytes, _buffer.AsSpan(VerifiedFile.PageBytes, 1));
        }

        Thread.Yield();
    }

    private long ChooseOffset(VerifiedFile file) => ((long)ChoosePage(file) * VerifiedFile.PageBytes) + _random.Below(VerifiedFile.PageBytes);

    private void Check(ReadWay way, VerifiedFile file, long offset, ReadOnlySpan<byte> destination, int bytes)
    {
        if (!_judge.IsPossible(bytes))
            Tally.Fault($"{file.Name}: {bytes} of {destination.Length} bytes from {offset} on can't be: it has never been of such a length meanwhile");
        Note(way, file, offset, destination[..bytes]);
    }

    private void Note(ReadWay way, VerifiedFile file, long offset, ReadOnlySpan<byte> read)
    {
        Tally.Reads[way]++;
        Tally.BytesChecked += read.Length;
        var wrong = _judge.CountWrong(read);
        if (wrong == 0)
            return;
        Tally.WrongBytes += wrong;
        Tally.Fault($"{file.Name}: {wrong} of {read.Length} bytes from {offset} on are wrong, read by {way}");
    }
}
