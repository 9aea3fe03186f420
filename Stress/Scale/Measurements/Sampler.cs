using System.Diagnostics;
using FolioRuntime.Harness;
using FolioRuntime.Scale.Plays;

namespace FolioRuntime.Scale.Measurements;

/// <summary>Plays one sample: its threads start together, each on a processor of its own, and stop when the time is over.</summary>
internal static class Sampler
{
    private const int WatchMilliseconds = 5;

    /// <param name="sample">What is played; it ends here.</param>
    /// <param name="threads">Its threads.</param>
    /// <param name="duration">How long.</param>
    public static SampleFigures Play(Sample sample, int threads, TimeSpan duration)
    {
        var stop = new StopSignal();
        var rates = new double[threads];
        var memory = new MemoryWatch();
        using var running = new CountdownEvent(threads);
        var clock = new Thread(() => Watch(running, stop, duration, memory)) { IsBackground = true, Name = "clock" };
        clock.Start();
        try
        {
            ThreadTeam.Run(
                threads,
                thread =>
                {
                    ThreadPinning.PinToProcessorOf(thread);
                    running.Signal();
                    var start = Stopwatch.GetTimestamp();
                    var operations = sample.Play.Run(thread, stop);
                    rates[thread] = operations / Stopwatch.GetElapsedTime(start).TotalSeconds;
                },
                _ => stop.Set());
        }
        catch
        {
            sample.Owner.Dispose();
            throw;
        }
        finally
        {
            stop.Set();
            clock.Join();
        }

        sample.Play.Dispose();
        sample.Trim();
        var after = Environment.WorkingSet;
        sample.Owner.Dispose();
        return new SampleFigures(rates.Sum(), Math.Max(memory.PeakBytes, after), after, memory.Series);
    }

    private static void Watch(CountdownEvent running, StopSignal stop, TimeSpan duration, MemoryWatch memory)
    {
        running.Wait();
        var start = Stopwatch.GetTimestamp();
        memory.Note(TimeSpan.Zero, Environment.WorkingSet);
        while (!stop.IsSet && Stopwatch.GetElapsedTime(start) < duration)
        {
            Thread.Sleep(WatchMilliseconds);
            memory.Note(Stopwatch.GetElapsedTime(start), Environment.WorkingSet);
        }

        stop.Set();
    }
}
