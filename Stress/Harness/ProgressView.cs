using Spectre.Console;
using Spectre.Console.Rendering;

namespace FolioRuntime.Harness;

/// <summary>
/// Shows a <see cref="ProgressTable"/>: redrawn in place while the work runs when the output is a terminal, as plain
/// lines when it is a file, a pipe or a test's writer.
/// </summary>
public sealed class ProgressView
{
    private const int RefreshMilliseconds = 200;
    private const int PlainWidth = 200;

    private readonly TextWriter _output;
    private readonly IAnsiConsole _console;

    public ProgressView(TextWriter output)
    {
        _output = output;
        IsLive = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;
        _console = IsLive ? AnsiConsole.Console : AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        if (!IsLive)
            _console.Profile.Width = PlainWidth;
    }

    /// <summary>Whether the output is a terminal that can be redrawn.</summary>
    public bool IsLive { get; }

    public void Line(string text) => _output.WriteLine(text);

    /// <summary>Does the work and shows the table meanwhile; on a terminal the last state stays on the screen.</summary>
    public void Show(ProgressTable table, Action work)
    {
        if (!IsLive)
        {
            table.RowFinished += Line;
            work();
            table.RowFinished -= Line;
            return;
        }

        _console.Live(Render(table.Columns, table.Rows)).Start(context =>
        {
            var running = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            while (!((IAsyncResult)running).AsyncWaitHandle.WaitOne(RefreshMilliseconds))
                context.UpdateTarget(Render(table.Columns, table.Rows));
            running.GetAwaiter().GetResult();
            context.UpdateTarget(Render(table.Columns, table.Rows));
        });
    }

    /// <summary>Does work of a known number of steps and shows a bar meanwhile, where the output is a terminal.</summary>
    /// <param name="name">What the bar is called.</param>
    /// <param name="steps">Steps in all.</param>
    /// <param name="work">Is given what to tell the number of steps done.</param>
    public void Progress(string name, int steps, Action<Action<int>> work)
    {
        if (!IsLive)
        {
            work(static _ => { });
            return;
        }

        _console.Progress().Start(context =>
        {
            var bar = context.AddTask(name, maxValue: steps);
            work(done => bar.Value = done);
        });
    }

    /// <summary>Prints a table once.</summary>
    public void Table(IReadOnlyList<string> columns, IReadOnlyList<string[]> rows) => _console.Write(Render(columns, rows));

    private static Table Render(IReadOnlyList<string> columns, IReadOnlyList<string[]> rows)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column))
            {
                NoWrap = true,
                Alignment = AlignmentOf(column, columns, rows),
                Padding = new Padding(0, 0, 2, 0),
            });
        }

        foreach (var row in rows)
            table.AddRow(row.Select(cell => (IRenderable)new Text(cell)));
        return table;
    }

    // Figures to the right, words to the left.
    private static Justify AlignmentOf(string column, IReadOnlyList<string> columns, IReadOnlyList<string[]> rows)
    {
        var index = columns.ToList().IndexOf(column);
        var figures = rows.Select(row => row[index]).Where(cell => cell.Length > 0).ToList();
        return figures.Count > 0 && figures.TrueForAll(cell => char.IsDigit(cell[0])) ? Justify.Right : Justify.Left;
    }
}
