using System.Diagnostics;
using FolioRuntime.Harness;

namespace FolioRuntime.Caching.Verifying;

/// <summary>
/// CONTROL: errors are kept as the cache's are (C9), but whoever records one looks at the number that stands for it before others can see the error, as a processor does at times where there is no fence between the two: its
/// store waits in a buffer while the look is made. Here it is done in that order each time, and so slowly that others look in between, or it would be noticed too rarely. If somebody marks the number as seen in between, he finds the error before, and nobody is
/// told of this one.
/// <code>
///   record: the error ─► fence ─► number not seen yet? it stands for this one too     check: number marked as seen ─► the error
/// </code>
/// </summary>
internal sealed class UnfencedErrors
{
    public const string Name = "error-without-fence";

    private const ulong Seen = 1;
    private const ulong One = 2;
    private const int RoundsBetweenLooks = 1000;
    private const int LooksInBetween = 2;

    private readonly bool _hasFence;
    private ulong _word;
    private object? _last;

    // By the teller: the round that is recorded. By the listener: the round that he has judged.
    private long _recorded;
    private long _judged;

    // By the listener: how often he has looked.
    private long _looks;

    private UnfencedErrors(bool hasFence) => _hasFence = hasFence;

    /// <summary>One thread records two errors close together, again and again; another looks for them all the time.</summary>
    /// <param name="isRight">With the fence.</param>
    /// <param name="duration">At most; with an error that nobody was told it is over.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>Errors that nobody was told.</returns>
    public static int Run(bool isRight, TimeSpan duration, CancellationToken stop)
    {
        var errors = new UnfencedErrors(isRight);
        var lost = 0;
        ThreadTeam.Run(
            2,
            thread =>
            {
                if (thread == 0)
                    errors.RecordPairs(duration, stop);
                else
                    lost = errors.Listen();
            },
            _ => Volatile.Write(ref errors._recorded, -1));
        return lost;
    }

    private void RecordPairs(TimeSpan duration, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        for (var round = 1L; ; round++)
        {
            if (round % RoundsBetweenLooks == 0 && (stop.IsCancellationRequested || Stopwatch.GetElapsedTime(start) >= duration))
                break;
            Record(-round);
            Record(round);
            Volatile.Write(ref _recorded, round);
            for (var wait = default(SpinWait); Volatile.Read(ref _judged) != round;)
            {
                if (Volatile.Read(ref _judged) < 0)
                    return;
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }

        Volatile.Write(ref _recorded, -1);
    }

    private int Listen()
    {
        var (cursor, told) = (0ul, 0L);
        for (var round = 1L; ; round++)
        {
            long recorded;
            do
            {
                recorded = Volatile.Read(ref _recorded);
                told = CheckAndAdvance(ref cursor) is long error ? error : told;
                Volatile.Write(ref _looks, _looks + 1);
            }
            while (recorded >= 0 && recorded < round);
            if (recorded < 0)
                return 0;
            if (told != round)
            {
                Volatile.Write(ref _judged, -1);
                return 1;
            }

            Volatile.Write(ref _judged, round);
        }
    }

    private void Record(long error)
    {
        object boxed = error;
        ulong word;
        if (_hasFence)
        {
            Volatile.Write(ref _last, boxed);
            Interlocked.MemoryBarrier();
            word = Volatile.Read(ref _word);
        }
        else
        {
            word = Volatile.Read(ref _word);

            // Ends: the other looks until it is told that it is over, by this thread.
            for (var looks = Volatile.Read(ref _looks); Volatile.Read(ref _looks) < looks + LooksInBetween;)
                Thread.Yield();
            Volatile.Write(ref _last, boxed);
        }

        while (word == 0 || (word & Seen) != 0)
        {
            // Ends: it fails only if the other has marked the number meanwhile.
            var found = Interlocked.CompareExchange(ref _word, (word & ~Seen) + One, word);
            if (found == word)
                return;
            word = found;
        }
    }

    private object? CheckAndAdvance(ref ulong cursor)
    {
        var word = Volatile.Read(ref _word);
        if (word == cursor)
            return null;
        if ((word & Seen) == 0)
            Interlocked.CompareExchange(ref _word, word | Seen, word);
        cursor = word | Seen;
        return Volatile.Read(ref _last);
    }
}
