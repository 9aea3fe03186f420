using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <summary>
/// Write errors of one mapping, of which everybody who has opened it learns once: a number that grows with each error, unless nobody has seen the last one, so that it can't run
/// away from those who don't look. Linux: <c>errseq_t</c>, <c>lib/errseq.c</c>.
/// <code>
///   [ errors that somebody has seen, and one : 63 | the last one was seen : 1 ]      0: none yet
/// </code>
/// Writers: <see cref="Record"/>, <see cref="CheckAndAdvance"/>, any thread. Readers: any thread.
/// C9: an error after a cursor was taken or advanced is told at the next check by it, and at no later one.   [ErrorSequenceTests, cache-error-… scenarios]
/// Order: the error itself is released before the number that stands for it; a check that finds the number finds this error or a later one.
/// </summary>
internal sealed class ErrorSequence
{
    private const ulong Seen = 1;
    private const ulong One = 2;

    private ulong _word;
    private Exception? _last;

    /// <summary>Notes an error.</summary>
    public void Record(Exception error)
    {
        Atomics.StoreRelease(ref _last, error);
        var word = Atomics.LoadAcquire(ref _word);

        // Ends: it fails only if somebody has seen the last error, or recorded another, meanwhile; an unseen one stands for this one too.
        while (word == 0 || (word & Seen) != 0)
        {
            var found = Atomics.CompareExchange(ref _word, (word & ~Seen) + One, word);
            if (found == word)
                return;
            word = found;
        }
    }

    /// <summary>A cursor for somebody who comes now: before an error that nobody has seen, so that it isn't lost on all; after those that were seen.</summary>
    public ulong Sample()
    {
        var word = Atomics.LoadAcquire(ref _word);
        return (word & Seen) != 0 ? word : 0;
    }

    /// <summary>The last error after a cursor, which is moved behind it. A cursor is for one thread at a time.</summary>
    /// <returns>Null: there was none.</returns>
    public Exception? CheckAndAdvance(ref ulong cursor)
    {
        var word = Atomics.LoadAcquire(ref _word);
        if (word == cursor)
            return null;

        // Where this fails somebody else has marked it, or has recorded an error after it, which is another number.
        if ((word & Seen) == 0)
            Atomics.CompareExchange(ref _word, word | Seen, word);
        cursor = word | Seen;
        return Atomics.LoadAcquire(ref _last);
    }
}
