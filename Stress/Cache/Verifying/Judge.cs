namespace FolioRuntime.Caching.Verifying;

/// <summary>
/// Compares what a read has given with what it may have given: of each page one version out of those between the beginning of the read and its end, cut off at one of the places of these; of long pieces, which
/// are copied while somebody may write to the page, any of these versions for each byte. One for each thread, for one read at a time.
/// </summary>
internal sealed class Judge
{
    public const int MostPages = 6;

    private const int PageBytes = VerifiedFile.PageBytes;

    // Promised by PageMapping.Write.
    private const int LongestOfOneMomentBytes = 512;

    private readonly long[] _pagesFrom = new long[MostPages];
    private readonly byte[] _expected = new byte[PageBytes];
    private VerifiedFile _file = null!;
    private long _offset;
    private int _askedBytes;
    private long _lengthFrom;

    /// <summary>Bytes that nothing can be said of: too much has happened meanwhile.</summary>
    public long UnjudgedBytes { get; private set; }

    /// <summary>Before a read.</summary>
    public void Begin(VerifiedFile file, long offset, int askedBytes)
    {
        _file = file;
        _offset = offset;
        _askedBytes = askedBytes;
        _lengthFrom = file.Length.Ended;
        for (var page = offset / PageBytes; page * PageBytes < offset + askedBytes && page < file.Pages.Count; page++)
            _pagesFrom[page - (offset / PageBytes)] = file.Pages[(int)page].Ended;
        Interlocked.MemoryBarrier();
    }

    /// <summary>Whether so many bytes could be read: for each length that it had, the file ends there or the room does.</summary>
    public bool IsPossible(int readBytes)
    {
        Interlocked.MemoryBarrier();
        var (least, most) = (int.MaxValue, 0);
        for (var (step, to) = (_lengthFrom, _file.Length.Begun); step <= to; step++)
        {
            var bytes = (int)Math.Clamp(_file.Length[step] - _offset, 0, _askedBytes);
            (least, most) = (Math.Min(least, bytes), Math.Max(most, bytes));
        }

        return (readBytes >= least && readBytes <= most) || !_file.Length.Reaches(_lengthFrom);
    }

    /// <summary>After a read.</summary>
    /// <param name="read">What it gave, from the offset on.</param>
    /// <param name="mayMix">Whether bytes of a page may be of several of its versions: copied under a reference, while somebody wrote.</param>
    /// <returns>How many bytes can't be right.</returns>
    public int CountWrong(ReadOnlySpan<byte> read, bool mayMix = false)
    {
        Interlocked.MemoryBarrier();
        var wrong = 0;
        for (var done = 0; done < read.Length;)
        {
            var within = (int)((_offset + done) % PageBytes);
            var piece = read.Slice(done, Math.Min(PageBytes - within, read.Length - done));
            wrong += CountWrong((int)((_offset + done) / PageBytes), within, piece, mayMix || piece.Length > LongestOfOneMomentBytes);
            done += piece.Length;
        }

        return wrong;
    }

    private int CountWrong(int page, int within, ReadOnlySpan<byte> piece, bool mayMix)
    {
        var history = _file.Pages[page];
        var from = _pagesFrom[page - (_offset / PageBytes)];
        var (step, to) = (from, history.Begun);
        var least = piece.Length;

        // Those of one version follow each other.
        while (step <= to && least > 0)
        {
            var content = new PageContent(history[step]);
            var (shortest, longest) = (content.PatternBytes, content.PatternBytes);
            for (step++; step <= to && new PageContent(history[step]) is var next && next.Version == content.Version; step++)
                (shortest, longest) = (Math.Min(shortest, next.PatternBytes), Math.Max(longest, next.PatternBytes));
            var expected = _expected.AsSpan(0, piece.Length);
            _file.Expect(content.Version, ((long)page * PageBytes) + within, expected);
            least = Math.Min(least, CountWrong(piece, expected, Math.Clamp(shortest - within, 0, piece.Length), Math.Clamp(longest - within, 0, piece.Length)));
        }

        if (least > 0 && mayMix)
            least = CountUnlike(page, within, piece, from, to);
        if (least == 0 || history.Reaches(from))
            return least;
        UnjudgedBytes += piece.Length;
        return 0;
    }

    /// <summary>How many bytes are those of none of the states from one step to another.</summary>
    private int CountUnlike(int page, int within, ReadOnlySpan<byte> piece, long from, long to)
    {
        var isLike = new bool[piece.Length];
        var expected = _expected.AsSpan(0, piece.Length);
        for (var step = from; step <= to; step++)
        {
            var content = new PageContent(_file.Pages[page][step]);
            _file.Expect(content.Version, ((long)page * PageBytes) + within, expected);
            for (var i = 0; i < piece.Length; i++)
                isLike[i] |= piece[i] == (within + i < content.PatternBytes ? expected[i] : 0);
        }

        return isLike.Count(false);
    }

    /// <summary>The pattern, then the pattern or zeros, then zeros.</summary>
    private static int CountWrong(ReadOnlySpan<byte> piece, ReadOnlySpan<byte> expected, int patternBytes, int zerosFrom)
    {
        if (piece[..patternBytes].SequenceEqual(expected[..patternBytes]) && patternBytes == zerosFrom && !piece[zerosFrom..].ContainsAnyExcept((byte)0))
            return 0;
        var wrong = 0;
        for (var i = 0; i < piece.Length; i++)
            wrong += (piece[i] == expected[i] && i < zerosFrom) || (piece[i] == 0 && i >= patternBytes) ? 0 : 1;
        return wrong;
    }
}
