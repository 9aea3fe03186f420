using System.Diagnostics;

namespace FolioRuntime.Harness;

/// <summary>
/// Times several things against each other on a noisy machine: in every round each runs once, in an order that rotates, and what is
/// compared is the ratio to the baseline within the same round. The median of many rounds is reported, with the quartiles as spread.
/// An absolute time alone says nothing about another machine, or about this one an hour later.
/// </summary>
public sealed class PairedMeasurement(IReadOnlyList<TimedOperation> operations, string baseline)
{
    private const double SecondsPerSample = 0.001;

    // What is hot is compiled again after thirty calls and a tenth of a second in which nothing new is, and once more after as many again.
    private const int WarmUpRounds = 3;
    private const int WarmUpCalls = 40;
    private const int FewestCalls = 1000;
    private static readonly TimeSpan s_recompilation = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs the rounds and returns one result an operation, in the order given.</summary>
    /// <param name="rounds">Rounds to measure, after some that only warm up, as what users run has.</param>
    /// <param name="stop">Ends after the round under way.</param>
    /// <param name="progress">Told the number of rounds done.</param>
    public IReadOnlyList<PairedResult> Run(int rounds, CancellationToken stop, Action<int>? progress = null)
    {
        WarmUp();
        var counts = operations.Select(Calibrate).ToArray();
        var nanoseconds = operations.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < rounds && !stop.IsCancellationRequested; round++)
        {
            for (var i = 0; i < operations.Count; i++)
            {
                var at = (i + round) % operations.Count;
                nanoseconds[at].Add(Time(operations[at], counts[at]));
            }

            progress?.Invoke(round + 1);
        }

        var compared = nanoseconds[operations.ToList().FindIndex(operation => operation.Name == baseline)];
        return [.. operations.Select((operation, i) => PairedResult.Of(operation.Name, nanoseconds[i], compared))];
    }

    private void WarmUp()
    {
        for (var round = 0; round < WarmUpRounds; round++)
        {
            foreach (var operation in operations)
            {
                for (var call = 0; call < WarmUpCalls; call++)
                    Time(operation, FewestCalls);
            }

            Thread.Sleep(s_recompilation);
        }
    }

    private static int Calibrate(TimedOperation operation)
    {
        var count = FewestCalls;

        // Ends: the count grows until a sample is long enough, or very large.
        while (true)
        {
            var seconds = Time(operation, count) * count / 1e9;
            if (seconds >= SecondsPerSample || count >= 1 << 28)
                return count;
            count *= seconds < SecondsPerSample / 8 ? 4 : 2;
        }
    }

    private static double Time(TimedOperation operation, int count)
    {
        if (operation.TimeItself is { } time)
            return time(count).TotalNanoseconds / count;
        var start = Stopwatch.GetTimestamp();
        operation.Run(count);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }
}
