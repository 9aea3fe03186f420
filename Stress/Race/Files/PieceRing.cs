namespace FolioRuntime.Race.Files;

/// <summary>
/// A ring of pieces that any thread may put into, look at, and take from. Taking is by exchange, so a piece is taken by one thread only:
/// whoever took it is its owner and may evict it.
/// </summary>
internal sealed class PieceRing(int cells)
{
    private readonly Piece?[] _cells = new Piece?[cells];
    private long _posted;
    private long _taken;

    /// <summary>Puts a piece in and takes out what was in its place for long, if anything.</summary>
    public Piece? Post(Piece piece) => Interlocked.Exchange(ref _cells[Cell(Interlocked.Increment(ref _posted))], piece);

    /// <summary>What is in a cell now, without taking it: by the time it is used it may be gone.</summary>
    public Piece? Peek(int cell) => Volatile.Read(ref _cells[cell % _cells.Length]);

    /// <summary>Takes a piece out, the oldest more or less. Null: none was found.</summary>
    public Piece? Take()
    {
        for (var i = 0; i < _cells.Length; i++)
        {
            ref var cell = ref _cells[Cell(Interlocked.Increment(ref _taken))];
            if (Volatile.Read(ref cell) is not null && Interlocked.Exchange(ref cell, null) is { } piece)
                return piece;
        }

        return null;
    }

    private int Cell(long number) => (int)((ulong)number % (ulong)_cells.Length);
}
