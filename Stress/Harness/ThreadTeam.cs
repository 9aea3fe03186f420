using System.Runtime.ExceptionServices;

namespace FolioRuntime.Harness;

/// <summary>
/// A fixed number of threads that start their work at the same instant and are waited for. The first exception on any of
/// them is thrown again on the caller's thread, after all have ended.
/// </summary>
public static class ThreadTeam
{
    /// <param name="threads">How many.</param>
    /// <param name="work">Runs on each, with the thread's index from 0.</param>
    /// <param name="onFault">Called, at most once a thread, on a thread whose work threw: it must make the others end.</param>
    public static void Run(int threads, Action<int> work, Action<Exception>? onFault = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        using var start = new Barrier(threads);
        ExceptionDispatchInfo? first = null;
        var team = new Thread[threads];
        for (var i = 0; i < threads; i++)
        {
            var index = i;
            team[i] = new Thread(() => Body(index)) { IsBackground = true, Name = $"worker {i}" };
        }

        foreach (var thread in team)
            thread.Start();
        foreach (var thread in team)
            thread.Join();
        first?.Throw();

        void Body(int index)
        {
            start.SignalAndWait();
            try
            {
                work(index);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref first, ExceptionDispatchInfo.Capture(exception), null);
                onFault?.Invoke(exception);
            }
        }
    }
}
