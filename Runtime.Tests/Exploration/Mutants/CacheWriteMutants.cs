using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>Mistakes in how pages are written to, and written to their store.</summary>
internal static class CacheWriteMutants
{
    private const string Writing = "Runtime/PageCaching/PageMapping.Writing.cs";
    private const string Page = "Runtime/Folios/FolioPage.cs";
    private const string WritingBack = "Runtime/PageCaching/PageMapping.WritingBack.cs";
    private const string Removing = "Runtime/PageCaching/PageMapping.Removing.cs";
    private const string Mapping = "Runtime/PageCaching/PageMapping.cs";
    private const string Errors = "Runtime/PageCaching/ErrorSequence.cs";
    private const string Flusher = "Runtime/PageCaching/Flusher.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "content-written-without-its-sequence",
            "Who changes content bumps its sequence; else an optimistic reader gets one half of each.",
            Writing,
            """
            using (page.BeginWrite())
                ContentCopy.Write
            """,
            "ContentCopy.Write",
            "cache-read-against-write"),
        new(
            "content-written-without-the-lock",
            "Who changes content has the page's lock.",
            Page,
            "(Flags & FolioFlags.Locked) != 0 || !TryLock();",
            "!TryLock() && _frame == uint.MaxValue;",
            "cache-write-against-write"),
        new(
            "dirty-without-a-reference",
            "A dirty page has a reference for that, else it is given up and what was written is lost.",
            Writing,
            """
            if (!_folios.TryGet(folio.Handle, out _))
                return false;

            // C6
            """,
            """
            if (!_folios.IsAlive(folio.Handle))
                return false;

            // C6
            """,
            "cache-reclaim-against-dirty"),
        new(
            "dropped-page-made-dirty",
            "Who makes a page dirty looks whether it is still in the index; else it is written to nowhere.",
            Writing,
            "if (_closing || _index.Find(index) != folio.Handle)",
            "if (_closing)",
            "cache-write-against-invalidate"),
        new(
            "dropped-page-grows-the-mapping",
            "Who has the mapping grow looks again; else it ends after something that was cut off.",
            Writing,
            """
            if (_index.Find(index) != folio.Handle)
                return false;
            if (end > _length)
            """,
            "if (end > _length)",
            "cache-write-against-drop"),
        new(
            "dirty-after-the-end",
            "Once the mapping is closing nothing becomes dirty; else it is never written.",
            Writing,
            """
            ObjectDisposedException.ThrowIf(_closing && _type is null, this);
            if (_closing || _index.Find(index) != folio.Handle)
            """,
            "if (_index.Find(index) != folio.Handle)",
            "cache-dispose-against-write"),
        new(
            "whole-page-found-without-its-content",
            "A page that is written as a whole is found with what is written; else somebody reads what nobody wrote.",
            Writing,
            "source.CopyTo(folio.Bytes);",
            "folio.Bytes.Clear();",
            "cache-write-missing-against-read"),
        new(
            "copied-before-the-flag-is-off",
            "The flag goes under the lock that the copy is made under; else what is written in between is taken for written.",
            WritingBack,
            """
            content.ClearFlags(FolioFlags.Dirty);
            content.Bytes.CopyTo(_copies.Span[(page * PageBytes)..]);
            """,
            """
            content.Bytes.CopyTo(_copies.Span[(page * PageBytes)..]);
            content.Unlock();
            content.ClearFlags(FolioFlags.Dirty);
            content.Lock();
            """,
            "cache-write-against-writeback"),
        new(
            "flushed-without-waiting",
            "A flush waits for who is writing; else it returns before the page is there.",
            WritingBack,
            """
            using (_writeback.Hold())
            {
                using (_latch.Hold())
                    ObjectDisposedException.ThrowIf(_closed, this);
                WriteBack
            """,
            """
            {
                using (_latch.Hold())
                    ObjectDisposedException.ThrowIf(_closed, this);
                WriteBack
            """,
            "cache-flush-against-writeback"),
        new(
            "reference-put-while-it-is-being-written",
            "The reference of a page that is being written is put when it is written; else its frame is another's by then.",
            WritingBack,
            """
                content.Unlock();
                _pass[page].LengthBytes
            """,
            """
                content.Unlock();
                _folios.Put(handle);
                _pass[page].LengthBytes
            """,
            "cache-write-against-writeback"),
        new(
            "error-not-recorded",
            "A write that fails is told.",
            WritingBack,
            """
            // C9: before anybody can find that these pages aren't being written any more.
            _errors.Record(failure);
            """,
            "_ = failure;",
            "cache-error-against-two-openers"),
        new(
            "cut-off-while-being-written",
            "A truncation waits for pages that are being written; else they come to the store after it.",
            Removing,
            """
            using (_writeback.Hold())
            {
                using (_latch.Hold())
                    ObjectDisposedException.ThrowIf(_closed, this);
                _store
            """,
            """
            {
                using (_latch.Hold())
                    ObjectDisposedException.ThrowIf(_closed, this);
                _store
            """,
            "cache-truncate-against-writeback"),
        new(
            "dirty-page-dropped-as-outdated",
            "A page that is newer than the store isn't dropped because the store is newer.",
            Removing,
            "if (!withDirty && (isDirty || ",
            "if (!withDirty && (",
            "cache-write-against-invalidate"),
        new(
            "dropped-page-keeps-its-reference",
            "The reference of a dirty page goes with it.",
            Removing,
            """
                _cache.Writeback.Remove(1);
                _folios.Put(handle);
            """,
            "    _cache.Writeback.Remove(1);",
            "cache-write-against-drop"),
        new(
            "cut-through-without-the-lock",
            "The page that is cut through is locked until the mapping is shorter; else what is written to it beyond, afterwards, is zeroed.",
            Removing,
            "if (cutsThrough && found != locked &&",
            "if (cutsThrough && found == locked &&",
            "cache-write-against-truncate"),
        new(
            "closed-without-writing",
            "The mapping's end writes what is dirty.",
            Mapping,
            "WriteBackAllUnsynchronized();",
            ";",
            "cache-dispose-against-write"),
        new(
            "seen-error-not-marked",
            "Who is told of an error marks it as seen; else he is told again.",
            Errors,
            "Atomics.CompareExchange(ref _word, word | Seen, word);",
            "cursor = word;",
            "cache-error-against-two-openers"),
        new(
            "number-before-its-error",
            "An error is there before the number that stands for it; else somebody finds the number and no error.",
            Errors,
            """
            Atomics.StoreRelease(ref _last, error);

            // A full fence, whatever is found: a number that isn't seen yet, as it is found here, is marked as seen only after the error can be found, so it stands for this one too.
            var word = Atomics.CompareExchange(ref _word, One, 0);
            """,
            """
            var word = Atomics.CompareExchange(ref _word, One, 0);
            Atomics.StoreRelease(ref _last, error);
            """,
            "cache-error-against-check"),
        new(
            "seen-error-not-counted-on",
            "An error after one that somebody has seen has another number.",
            Errors,
            "while ((word & Seen) != 0)",
            "while (word == 0)",
            "cache-error-against-check"),
        new(
            "error-recorded-without-a-fence",
            "Who finds a number that nobody has seen must have shown his error before; else it is told to nobody. Only weak memory shows it.",
            Errors,
            "var word = Atomics.CompareExchange(ref _word, One, 0);",
            """
            var word = Atomics.LoadAcquire(ref _word);
            if (word == 0)
                word = Atomics.CompareExchange(ref _word, One, 0);
            """,
            "cache-error-behind-an-unseen-one"),
        new(
            "flusher-ends-without-a-look",
            "Who was asked to write while he ended looks once more.",
            Flusher,
            """
            if (!IsAsked && !(isDone && IsAboveBackground))
                return;
            """,
            """
            if (isDone || !isDone)
                return;
            """,
            "cache-kick-against-flusher"),
        new(
            "timer-stopped-without-a-look",
            "Who has the timer stand still looks once more whether a page is dirty.",
            Flusher,
            """
            if (_writeback.Dirty > 0)
                Arm();
            """,
            "",
            "cache-age-against-write"),
        new(
            "wanted-taken-after-it-is-written",
            "What is asked for is taken before it is written; else what becomes dirty in between goes with it.",
            Flusher,
            """
            for (var left = (long)Atomics.Exchange(ref _wanted, 0); left > 0 && !IsStopped;)
            {
                var written = _writeback.WriteBackAny();
            """,
            """
            for (var left = (long)Atomics.LoadAcquire(ref _wanted); left > 0 && !IsStopped;)
            {
                var written = _writeback.WriteBackAny();
                Atomics.Exchange(ref _wanted, 0);
            """,
            "cache-kick-against-flusher"),
    ];
}
