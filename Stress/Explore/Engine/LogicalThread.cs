using FolioRuntime.Harness;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Engine;

/// <summary>
/// A real thread that runs one action an execution and moves only when it is told to. At any time at most one of a scheduler's threads moves,
/// so what they share needs no other protection.
/// </summary>
internal sealed class LogicalThread : IDisposable
{
    [ThreadStatic]
    private static LogicalThread? s_current;

    private readonly Signal _go = new();
    private readonly Action<LogicalThread> _ended;
    private readonly SharedProcessor _processor;
    private Action? _action;

    public LogicalThread(int number, SharedProcessor processor, Action<LogicalThread> ended)
    {
        _processor = processor;
        Number = number;
        _ended = ended;
        Thread = new Thread(Live) { IsBackground = true, Name = $"logical thread {Name}" };
        Thread.Start();
    }

    /// <summary>The logical thread that the calling thread is; null: none.</summary>
    public static LogicalThread? Current => s_current;

    public int Number { get; }

    public string Name => NameOf(Number);

    public Thread Thread { get; }

    public bool HasEnded { get; private set; } = true;

    /// <summary>What it will do when it is next let go.</summary>
    public Access Pending { get; set; }

    /// <summary>What it read since its last wait, and how often each had been changed by then.</summary>
    public List<(nint Address, int Version)> Reads { get; } = [];

    /// <summary>Its last compare-exchange since its last wait failed, so that it has news already and needn't wait for any.</summary>
    public bool HasNews { get; set; }

    public Exception? Failure { get; private set; }

    public static string NameOf(int number) => ((char)('A' + number)).ToString();

    /// <summary>Gives it an action, which begins when it is let go.</summary>
    public void Begin(Action action)
    {
        _action = action;
        HasEnded = false;
        HasNews = false;
        Failure = null;
        Pending = default;
        Reads.Clear();
    }

    public void LetGo() => _go.Give();

    /// <summary>Called on the thread itself: stands still until it is let go.</summary>
    public void Halt() => _go.Wait();

    public void Dispose()
    {
        _action = null;
        _go.Give();
        Thread.Join();
        _go.Dispose();
    }

    private void Live()
    {
        s_current = this;
        _processor.Pin();
        while (true)
        {
            _go.Wait();
            if (_action is null)
            {
                // Its last scene may have been left broken, on purpose: nobody is to take up what it has there.
                ThreadExit.Table.End();
                return;
            }

            try
            {
                _action();
            }
            catch (AbandonedException)
            {
            }
#pragma warning disable CA1031 // Whatever a scenario throws is what the exploration found.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Failure = exception;
            }

            try
            {
                _ended(this);
            }
            catch (AbandonedException)
            {
                _ended(this);
            }
        }
    }

    /// <summary>Called when its action is over and, where that can be noticed, when it is its turn to end.</summary>
    public void End() => HasEnded = true;
}
