using FolioRuntime.Race.Protocols;

namespace FolioRuntime.Race.Workloads;

/// <summary>
/// Where the threads leave handles for each other: the last few allocations, like an index that look-ups go through, and
/// a longer memory of old ones. Handles only, never references, so everything here may be stale at any time.
/// </summary>
internal sealed class Board(int recentCells, int historyCells)
{
    private readonly Token?[] _recent = new Token?[recentCells];
    private readonly Token?[] _history = new Token?[historyCells];

    public void Post(Token token, int cell, int historyCell)
    {
        Volatile.Write(ref _recent[cell % _recent.Length], token);
        Volatile.Write(ref _history[historyCell % _history.Length], token);
    }

    public Token? Recent(int cell) => Volatile.Read(ref _recent[cell % _recent.Length]);

    public Token? Old(int cell) => Volatile.Read(ref _history[cell % _history.Length]);
}
