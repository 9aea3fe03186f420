namespace FolioRuntime.Harness;

/// <summary>
/// The rows a run is working through: written by the threads that work, read by whatever shows them. On a terminal the
/// whole table is shown and redrawn; otherwise each row becomes one line when it is finished.
/// </summary>
public sealed class ProgressTable(params string[] columns)
{
    private readonly Lock _lock = new();
    private readonly List<string[]> _rows = [];

    /// <summary>Raised on the thread that finishes a row, with what to say of it where no table is shown.</summary>
    public event Action<string>? RowFinished;

    public IReadOnlyList<string> Columns { get; } = columns;

    public string[][] Rows
    {
        get
        {
            lock (_lock)
                return [.. _rows];
        }
    }

    public int Add(params string[] cells)
    {
        lock (_lock)
        {
            _rows.Add(cells);
            return _rows.Count - 1;
        }
    }

    public void Update(int row, params string[] cells)
    {
        lock (_lock)
            _rows[row] = cells;
    }

    /// <param name="row">The row.</param>
    /// <param name="line">The row in words, for where there is no table.</param>
    /// <param name="cells">Its last cells.</param>
    public void Finish(int row, string line, params string[] cells)
    {
        Update(row, cells);
        RowFinished?.Invoke(line);
    }
}
