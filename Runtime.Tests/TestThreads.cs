using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace FolioRuntime.Tests;

/// <summary>Runs one action on several threads at once and waits for all; the first failure comes out on the caller's thread.</summary>
internal static class TestThreads
{
    public static void Run(int count, Action<int> action)
    {
        var failures = new ConcurrentQueue<Exception>();
        var threads = new Thread[count];
        using var start = new ManualResetEventSlim();
        for (var i = 0; i < count; i++)
        {
            var number = i;
            threads[i] = new Thread(() =>
            {
                start.Wait();
                try
                {
                    action(number);
                }
                catch (Exception failure)
                {
                    failures.Enqueue(failure);
                }
            })
            { IsBackground = true };
            threads[i].Start();
        }

        start.Set();
        foreach (var thread in threads)
            thread.Join();
        if (failures.TryDequeue(out var first))
            ExceptionDispatchInfo.Throw(first);
    }
}
