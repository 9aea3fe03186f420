using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>Mistakes in how pages are looked up, filled, given up and dropped.</summary>
internal static class CacheMutants
{
    private const string Reading = "Runtime/PageCaching/PageMapping.Reading.cs";
    private const string Filling = "Runtime/PageCaching/PageMapping.Filling.cs";
    private const string Removing = "Runtime/PageCaching/PageMapping.Removing.cs";
    private const string Mapping = "Runtime/PageCaching/PageMapping.cs";
    private const string Ahead = "Runtime/PageCaching/PageMapping.ReadingAhead.cs";
    private const string Table = "Runtime/PageCaching/PageTable.cs";
    private const string Cache = "Runtime/PageCaching/PageCache.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "lookup-without-recheck",
            "Who has got a page looks whether it is still in the index; else somebody gets it long after it was dropped.",
            Reading,
            "if (Atomics.LoadAcquire(in word) == handle.Bits)",
            "if (handle.IsValid)",
            "cache-references-fall"),
        new(
            "rechecked-reference-kept",
            "A reference that came too late is put again.",
            Reading,
            """
                folio.Dispose();
            }

            folio = default;
            """,
            """
            }

            folio = default;
            """,
            "cache-references-fall"),
        new(
            "cached-read-not-validated",
            "What an optimistic read copied is looked at only once it is validated.",
            Reading,
            "if (!_folios.TryReadPage(handle, index, within, destination.Length, out var content))",
            "if (!_folios.TryReadPage(handle, index, within, destination.Length, out var content) && !handle.IsValid)",
            "cache-read-against-reinsert"),
        new(
            "cached-copy-not-validated",
            "Nor is what was copied to memory.",
            Reading,
            "if (!_folios.TryReadPage(handle, index, within, copy))",
            "if (!_folios.TryReadPage(handle, index, within, copy) && !handle.IsValid)",
            "cache-copy-against-reinsert"),
        new(
            "published-before-filled",
            "A page is put into the index when it is complete.",
            Filling,
            "ReadWhole(folio.Bytes, fill.Index);",
            """
            if (TryFinishAlone(fill, page, folio))
            {
                ReadWhole(folio.Bytes, fill.Index);
                return true;
            }

            ReadWhole(folio.Bytes, fill.Index);
            """,
            "cache-fill-against-lookup"),
        new(
            "filled-by-each",
            "Of all who miss a page one reads it.",
            Filling,
            "if (fill is not null)",
            "if (fill is { HasWaiters: true })",
            "cache-fill-by-two"),
        new(
            "failed-fill-stays",
            "A fill that failed is taken off the list; else everybody who comes waits for it for ever.",
            Filling,
            """
                Withdraw(page, folio);
                isShared = Unlist(fill);
            """,
            """
                Withdraw(page, folio);
                isShared = fill.IsShared;
            """,
            "cache-fill-fails"),
        new(
            "page-of-an-ended-mapping-withdrawn",
            "A page that was filled in vain is withdrawn while its fill is listed; else the mapping may have ended meanwhile, and its number be another's.",
            Filling,
            """
                Withdraw(page, folio);
                isShared = Unlist(fill);
                isLast = _closed && _fills.Count == 0;
            }
            """,
            """
                isShared = Unlist(fill);
                isLast = _closed && _fills.Count == 0;
            }

            Withdraw(page, folio);
            """,
            "cache-dispose-between-fills"),
        new(
            "failed-fill-told-as-done",
            "Who waits for a fill that fails is told so.",
            Filling,
            "fill.End(failure);",
            "fill.End(failure: null);",
            "cache-fill-fails"),
        new(
            "room-of-a-failed-fill-lost",
            "The number of a page that couldn't be read is free again.",
            Filling,
            """
                folio.Dispose();
            if (page != PageCache.NoPage)
                _table.Release(page);
            """,
            "folio.Dispose();",
            "cache-fill-fails"),
        new(
            "doomed-fill-published",
            "What was read before a truncation is not put into the cache after it.",
            Filling,
            "=> !fill.IsDoomed && !_closed;",
            "=> !_closed;",
            "cache-truncate-against-fill"),
        new(
            "doomed-fill-finished-alone",
            "Nor where nobody waits for it.",
            Filling,
            "if (fill.IsShared || !IsGoodUnsynchronized(fill))",
            "if (fill.IsShared)",
            "cache-truncate-against-fill"),
        new(
            "awaited-fill-finished-alone",
            "Where somebody waits for a fill it isn't ended as if nobody did.",
            Filling,
            "if (fill.IsShared || !IsGoodUnsynchronized(fill))",
            "if (!IsGoodUnsynchronized(fill))",
            "cache-fill-by-two"),
        new(
            "awaited-fill-used-again",
            "A fill that somebody waits for is never another page's: he may look at it at any time.",
            "Runtime/PageCaching/PageFillList.cs",
            """
            if (fill.IsShared)
                _fills[fill.Number] = null;
            """,
            "",
            "cache-fills-in-turn"),
        new(
            "doom-of-a-fill-kept",
            "A fill that is used again has nothing of its last page.",
            "Runtime/PageCaching/PageFill.cs",
            "IsDoomed = false;",
            "",
            "cache-fills-in-turn-against-invalidate"),
        new(
            "filled-after-the-end",
            "Nor after the mapping's end, when nobody would take it out again.",
            Filling,
            "=> !fill.IsDoomed && !_closed;",
            "=> !fill.IsDoomed || _closed;",
            "cache-dispose-against-fill"),
        new(
            "truncation-dooms-nothing",
            "A truncation tells the fills that are under way.",
            Removing,
            "fill.IsDoomed |= fill.Index >= first && fill.Index < end;",
            "fill.IsDoomed |= fill.Index < first && fill.Index >= end;",
            "cache-truncate-against-fill"),
        new(
            "truncated-before-the-store",
            "The store is cut off before the cache is; else a page is read from it again in between.",
            Removing,
            """
            _store.SetLength(lengthBytes);
            CutOff(lengthBytes, gone);
            """,
            """
            CutOff(lengthBytes, gone);
            _store.SetLength(lengthBytes);
            """,
            "cache-truncate-grown-against-fill"),
        new(
            "victim-not-frozen",
            "A page is given up when it is frozen with the cache's reference alone; else it is freed under whoever has got it.",
            Table,
            "return _folios.TryFreeze(entry.Handle, references: 1);",
            "return _folios.TryFreeze(entry.Handle, references: 1) || _folios.TryFreeze(entry.Handle, references: 2);",
            "cache-lookup-against-reclaim"),
        new(
            "strangers-page-dropped",
            "Who drops a page asks whether the frame is still that page's; else another's goes that has taken its place meanwhile.",
            Table,
            "if (entry.State != PageState.Cached || entry.Handle != handle)",
            "if (entry.State != PageState.Cached)",
            "cache-invalidate-against-reinsert"),
        new(
            "filled-without-a-reference",
            "Whoever fills a page holds it; else it is given up before it is there.",
            Table,
            "TryReviveFrozen(victim.Handle, PageCache.ReferencesToFill, out folio)",
            "TryReviveFrozen(victim.Handle, PageCache.ReferencesToFill - 1, out folio)",
            "cache-fill-in-place-against-reclaim"),
        new(
            "punched-before-the-store",
            "The store gets the zeros before the cache drops the pages; else one is read from it again in between.",
            "Runtime/PageCaching/PageMapping.Punching.cs",
            """
            ZeroStore(offsetBytes, end);
            DropWhole(offsetBytes, end, length, gone, out var front, out var back);
            """,
            """
            DropWhole(offsetBytes, end, length, gone, out var front, out var back);
            ZeroStore(offsetBytes, end);
            """,
            "cache-punch-against-fill"),
        new(
            "taken-over-and-read-ahead",
            "What somebody has taken over is not read ahead any more.",
            Ahead,
            "fills.RemoveAll(static fill => !fill.IsAhead);",
            "fills.RemoveAll(static fill => fill.Index < 0);",
            "cache-ahead-against-fill"),
        new(
            "taken-over-in-secret",
            "Who takes a fill over says so.",
            Filling,
            """
            fill.IsAhead = false;
            return FillRole.Read;
            """,
            "return FillRole.Read;",
            "cache-ahead-against-fill"),
        new(
            "taken-over-while-it-is-read",
            "What is being read ahead isn't taken over any more.",
            Ahead,
            "fills.ForEach(static fill => fill.IsAhead = false);",
            "",
            "cache-ahead-against-fill"),
        new(
            "victims-successor-taken-off",
            "Who takes a victim off the index leaves what was filled anew in its place.",
            Removing,
            "_index.Remove(victim.Index + page, victim.Handle);",
            "_index.SetUnsynchronized(victim.Index + page, default);",
            "cache-refill-against-reclaim"),
        new(
            "page-taken-out-twice",
            "Who drops a page asks whether somebody is taking it out already.",
            Table,
            "if (entry.State != PageState.Cached || entry.Handle != handle)",
            "if (entry.Handle != handle)",
            "cache-invalidate-against-reclaim"),
        new(
            "store-disposed-under-a-fill",
            "A store is disposed after the reads of it.",
            Mapping,
            "isLast = _fills.Count == 0;",
            "isLast = true;",
            "cache-dispose-against-fill"),
    ];
}
