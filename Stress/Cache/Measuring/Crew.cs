namespace FolioRuntime.Caching.Measuring;

/// <summary>Threads that wait for work, do it all at once, and wait again; the caller is one of them. Used by one thread.</summary>
internal sealed class Crew : IDisposable
{
    private readonly Barrier _turn;
    private readonly Thread[] _others;
    private Action<int>? _work;

    public Crew(int threads)
    {
        _turn = new Barrier(threads);
        _others = new Thread[threads - 1];
        for (var i = 0; i < _others.Length; i++)
        {
            var number = i + 1;
            _others[i] = new Thread(() => Wait(number)) { IsBackground = true, Name = $"reader {number}" };
            _others[i].Start();
        }
    }

    /// <summary>Runs on each thread, with its number from 0, and returns when all have done. It must not throw.</summary>
    public void Run(Action<int> work)
    {
        _work = work;
        _turn.SignalAndWait();
        work(0);
        _turn.SignalAndWait();
    }

    public void Dispose()
    {
        _work = null;
        _turn.SignalAndWait();
        foreach (var other in _others)
            other.Join();
        _turn.Dispose();
    }

    private void Wait(int number)
    {
        // Ends: at the dispose.
        while (true)
        {
            _turn.SignalAndWait();
            if (_work is not { } work)
                return;
            work(number);
            _turn.SignalAndWait();
        }
    }
}
