using System.Diagnostics;
using FolioRuntime.Harness;
using FolioRuntime.Scale.Plays;

namespace FolioRuntime.Scale.Measurements;

/// <summary>Plays one sample: its threads start together, each on a processor of its own, and stop when the time is over.</summary>
internal static class Sampler
{
    /// <summary>A rehearsal takes this part of the measured time.</summary>
    public const double RehearsedPart = 0.25;

    private const int WatchMilliseconds = 5;

    /// <param name="sample">What is played; it ends here.</param>
    /// <param name="threads">Its threads.</param>
    /// <param name="duration">How long it is measured. A rehearsal comes before it.</param>
    /// <param name="stop">Ends it at once. It is no sample then.</param>
    public static SampleFigures Play(Sample sample, int threads, TimeSpan duration, CancellationToken stop)
    {
        using var owner = sample.Owner;
        if (sample.Rehearse is not null)
            _ = Together(sample.Rehearse, threads, duration * RehearsedPart, new MemoryWatch(), stop);
        var memory = new MemoryWatch();
        var rates = Together(sample.Begin, threads, duration, memory, stop);
        sample.Trim();
        var after = Environment.WorkingSet;
        return new SampleFigures(rates.Sum(), Math.Max(memory.PeakBytes, after), after, memory.Series);
    }

    private static double[] Together(Func<Play> begin, int threads, TimeSpan duration, MemoryWatch memory, CancellationToken interruption)
    {
        var play = begin();
        var stop = new StopSignal();
        using var interrupted = interruption.Register(stop.Set);
        var rates = new double[threads];
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
                    var operations = play.Run(thread, stop);
                    rates[thread] = operations / Stopwatch.GetElapsedTime(start).TotalSeconds;
                },
                _ => stop.Set());
        }
        finally
        {
            stop.Set();
            clock.Join();
        }

        play.Dispose();
        return rates;
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
