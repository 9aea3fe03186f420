using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>Mistakes that show only where a folio has several pages.</summary>
internal static class CacheLargeMutants
{
    private const string Reading = "Runtime/PageCaching/PageMapping.Reading.cs";
    private const string Filling = "Runtime/PageCaching/PageMapping.Filling.cs";
    private const string Removing = "Runtime/PageCaching/PageMapping.Removing.cs";
    private const string Table = "Runtime/PageCaching/PageTable.cs";
    private const string Folios = "Runtime/Folios/FolioAllocator.Caching.cs";
    private const string Page = "Runtime/Folios/FolioPage.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "only-the-first-page-taken-off",
            "Who gives a folio up takes all of its pages off the index.",
            Removing,
            "for (var page = 0; page < 1 << victim.Order; page++)",
            "for (var page = 0; page < 1; page++)",
            "cache-large-lookup-against-reinsert"),
        new(
            "large-read-not-validated",
            "A page is another's once the folio's generation has ended, whatever its own sequence says.",
            Folios,
            "var isValid = Lifetime.EndRead(ref _frames.Frame(handle.Frame).Word, ref _frames.Frame(page).Sequence, handle.Generation, sequence);",
            "var isValid = Atomics.LoadAcquire(ref _frames.Frame(page).Sequence) == sequence;",
            "cache-large-read-against-reinsert"),
        new(
            "sequence-of-the-first-page",
            "Who writes to a page changes that page's sequence, at which its readers look.",
            Page,
            "ContentSequence.BeginWrite(ref _allocator.SequenceOfFrame(_frame));\n        return new FolioContentWrite(_allocator, _frame);",
            "ContentSequence.BeginWrite(ref _allocator.SequenceOfFrame(_frame - 1));\n        return new FolioContentWrite(_allocator, _frame - 1);",
            "cache-large-read-against-write"),
        new(
            "large-victim-not-frozen",
            "A folio with a dirty page, which has a reference for that, is nobody's victim.",
            Table,
            "return _folios.TryFreeze(entry.Handle, references: 1);",
            "return _folios.TryFreeze(entry.Handle, references: 1) || _folios.TryFreeze(entry.Handle, references: 2);",
            "cache-large-write-against-reclaim"),
        new(
            "page-behind-not-rechecked",
            "Who holds a folio looks for each page of it that he reads whether it is still in the index.",
            Reading,
            "while (there < lengthBytes && _index.Find(++index) == handle)",
            "while (there < lengthBytes && ++index > 0 && handle.IsValid)",
            "cache-large-truncate-against-read"),
        new(
            "doomed-page-of-a-folio-published",
            "Of a folio that is filled only those pages come in that weren't dropped meanwhile.",
            Filling,
            "if (page != PageCache.NoPage && IsGoodUnsynchronized(fill))",
            "if (page != PageCache.NoPage && good > 0)",
            "cache-large-fill-against-invalidate"),
        new(
            "doomed-page-of-a-folio-counted",
            "Pages that don't come in are no pages of the folio that are there; else it never ends.",
            Filling,
            "else if (good < fills.Length)",
            "else if (good > fills.Length)",
            "cache-large-fill-against-invalidate"),
        new(
            "folio-dropped-with-one-page",
            "A folio goes with its last page; else it is freed while another one leads to it.",
            Table,
            "if (--entry.PagesThere == 0)",
            "if (--entry.PagesThere >= 0)",
            "cache-large-drop-against-reclaim"),
    ];
}
