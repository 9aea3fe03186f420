namespace FolioRuntime.Lifetimes;

/// <summary>Waits until what is out is back, by looking again and again: nothing on the way of a return tells anybody.</summary>
internal static class ReturnWait
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);

    /// <summary>Ends when nothing is out.</summary>
    /// <param name="describe">What is out now.</param>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/>: for ever.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LeakException">Something is out still.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative.</exception>
    public static Task UntilNothingIsOut(Func<LeakReport> describe, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        if (timeout != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        return Wait(describe, timeout, time, cancellationToken);
    }

    private static async Task Wait(Func<LeakReport> describe, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();

        // Ends: when all is back, by the timeout, or by the token.
        while (describe() is { Count: > 0 } report)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (timeout != Timeout.InfiniteTimeSpan && time.GetElapsedTime(began) >= timeout)
                throw new LeakException(report);
            await Task.Delay(s_look, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
