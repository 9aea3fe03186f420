using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>Mistakes in how pages of types are found, begun, changed, cleaned and ended.</summary>
internal static class CacheTypeMutants
{
    private const string Type = "Runtime/PageCaching/PageType.cs";
    private const string Typing = "Runtime/PageCaching/PageMapping.Typing.cs";
    private const string Reading = "Runtime/PageCaching/PageMapping.Reading.cs";
    private const string Writing = "Runtime/PageCaching/PageMapping.Writing.cs";
    private const string WritingBack = "Runtime/PageCaching/PageMapping.WritingBack.cs";
    private const string Table = "Runtime/PageCaching/PageTable.cs";
    private const string Folios = "Runtime/Folios/FolioAllocator.cs";
    private const string FolioTypes = "Runtime/Folios/FolioAllocator.Typing.cs";
    private const string Word = "Runtime/Lifetimes/Lifetime.cs";

    public static IReadOnlyList<Mutant> All { get; } = [.. Finding(), .. Ending(), .. Cleaning()];

    private static IEnumerable<Mutant> Finding() =>
    [
        new(
            "handle-without-recheck",
            "Who has got a page by its handle looks whether it is still in the index; else somebody gets it long after it was dropped.",
            Type,
            "if (_folios.IsOfType(handle, Number, out var key) && _mapping.Find(key) == handle)",
            "if (_folios.IsOfType(handle, Number, out var key) && key >= 0)",
            "cache-type-references-fall"),
        new(
            "handle-of-any-type",
            "Who has got a page by its handle asks whose it is.",
            Type,
            "if (_folios.IsOfType(handle, Number, out var key) && _mapping.Find(key) == handle)",
            "if (_folios.IsOfType(handle, Number, out var key) || key >= 0)",
            "cache-type-handle-against-reinsert"),
        new(
            "stranger-kept",
            "A reference on a page of another type is put again.",
            Type,
            "            page.Dispose();\n        }\n\n        page = default;",
            "        }\n\n        page = default;",
            "cache-type-stranger-against-drop"),
        new(
            "page-does-not-hold-its-type",
            "A page that outlives the type's mapping keeps the type, for its destructor.",
            Type,
            "Atomics.Add(ref _holds, 1);",
            ";",
            "cache-type-dispose-against-construct"),
        new(
            "typed-read-not-validated",
            "What was read without a reference is another page's once the generation has ended.",
            Reading,
            "if (!_folios.TryReadPage(handle, index, within, destination.Length, out var content))",
            "if (!_folios.TryReadPage(handle, index, within, destination.Length, out var content) && !handle.IsValid)",
            "cache-type-read-against-reinsert"),
        new(
            "constructed-by-each",
            "Of all who want a page that isn't there one constructs it.",
            "Runtime/PageCaching/PageMapping.Filling.cs",
            "if (fill is not null)",
            "if (fill is { HasWaiters: true })",
            "cache-type-construct-by-two"),
    ];

    private static IEnumerable<Mutant> Ending() =>
    [
        new(
            "published-race-of-types",
            "The published race: a put chooses the destructor before it has won, and wins in whatever life it finds.",
            "Runtime/Folios/FolioAllocator.Holds.cs",
            """
            var outcome = Lifetime.Put(ref _frames.Frame(handle.Frame).Word, handle.Generation);
            if (outcome != PutOutcome.Dropped)
                PutLastOrSurplus(handle, outcome);
            """,
            """
            ref var frame = ref _frames.Frame(handle.Frame);
            var chosen = frame.PageType;
            if (new LifetimeWord(Primitives.Atomics.Add(ref frame.Word, LifetimeWord.MinusOneReference)).References != 0)
                return;
            var seen = Lifetime.Load(ref frame.Word);
            if (!seen.IsLive || seen.IsOwned || seen.References != 0 || Primitives.Atomics.CompareExchange(ref frame.Word, seen.Freed.Bits, seen.Bits) != seen.Bits)
                return;
            frame.PageType = chosen;
            Destroy(handle.Frame);
            """,
            "cache-type-last-put-against-reinsert"),
        new(
            "typed-page-destroyed-by-the-loser",
            "Of two who leave a page without references one destroys it.",
            Word,
            "return Atomics.CompareExchange(ref word, after.Freed.Bits, after.Bits) == after.Bits\n            ? PutOutcome.MustDestroy\n            : PutOutcome.Dropped;",
            "Atomics.CompareExchange(ref word, after.Freed.Bits, after.Bits);\n        return PutOutcome.MustDestroy;",
            "cache-type-last-put-against-reinsert"),
        new(
            "destructor-after-the-frame",
            "A page's destructor is run before its frame is free; else the record says whose the next one is.",
            Folios,
            """
            if (frame.PageType != NoType)
                Destruct(ref frame, new FolioHandle(number, Lifetime.Load(ref frame.Word).Generation - 1));
            _freed.Add();
            if (_generations.IsRetired(Lifetime.Load(ref frame.Word)))
                _pages.SetAside(new FrameNumber(number), 1 << order, FrameUses.Folio);
            else
                _pages.Free(new FrameNumber(number), order);
            """,
            """
            _freed.Add();
            _pages.Free(new FrameNumber(number), order);
            if (frame.PageType != NoType)
                Destruct(ref frame, new FolioHandle(number, Lifetime.Load(ref frame.Word).Generation - 1));
            """,
            "cache-type-lookup-against-reinsert"),
        new(
            "destructor-of-the-stranger",
            "Whoever is left as a page's last holder destroys it by the type that its frame says.",
            FolioTypes,
            "var type = Atomics.LoadAcquire(ref _types)[frame.PageType]!;",
            "var type = Atomics.LoadAcquire(ref _types)[^1]!;",
            "cache-type-stranger-against-drop"),
        new(
            "last-frames-type-kept",
            "A frame's next folio has no type until it is given one.",
            Folios,
            "frame.PageType = NoType;",
            "",
            "cache-type-handle-against-file"),
        new(
            "type-set-after-the-page-is-found",
            "A page has its type before anybody can find it, or end it.",
            Typing,
            """
            _type!.Constructed(folio.Handle, fill.Index);
            return Finish(fill, page, ref folio);
            """,
            """
            var made = folio.Handle;
            var isFinished = Finish(fill, page, ref folio);
            _type!.Constructed(made, fill.Index);
            return isFinished;
            """,
            "cache-type-construct-against-drop"),
        new(
            "typed-victim-not-frozen",
            "A page is given up when it is frozen with the cache's reference alone; else it is destroyed under whoever has got it.",
            Table,
            "return _folios.TryFreeze(entry.Handle, references: 1);",
            "return _folios.TryFreeze(entry.Handle, references: 1) || _folios.TryFreeze(entry.Handle, references: 2);",
            "cache-type-lookup-against-reinsert"),
        new(
            "typed-victim-replaced-in-its-frame",
            "A page that has to be destroyed doesn't make room without that.",
            Table,
            "if (victim.Mapping.Type is null && _folios.TryReviveFrozen(",
            "if (_folios.TryReviveFrozen(",
            "cache-type-handle-against-file"),
    ];

    private static IEnumerable<Mutant> Cleaning() =>
    [
        new(
            "failed-clean-forgotten",
            "A page that couldn't be cleaned stays dirty.",
            WritingBack,
            "_pass[first].IsKept = _type is not null;",
            "_pass[first].IsKept = false;",
            "cache-type-clean-fails-against-change"),
        new(
            "kept-page-kept-twice",
            "A page that couldn't be cleaned, and was changed meanwhile, is dirty already.",
            Typing,
            "if (_index.HasTagUnsynchronized(index, PageTag.Dirty))\n            return false;",
            "",
            "cache-type-clean-fails-against-change"),
        new(
            "changed-page-dirty-twice",
            "Who changes a page that couldn't be cleaned finds it dirty already.",
            Writing,
            "if (_index.HasTagUnsynchronized(index, PageTag.Dirty))\n                return true;",
            "",
            "cache-type-clean-fails-against-change"),
        new(
            "cleaned-while-it-is-changed",
            "A page that is just being changed isn't cleaned.",
            WritingBack,
            "if (_type is not null && !content.TryLock())",
            "if (_type is not null && !content.TryLock() && index < 0)",
            "cache-type-clean-against-change"),
        new(
            "dropped-while-it-is-cleaned",
            "Who drops a page waits until it isn't being cleaned.",
            Typing,
            "if (!_type!.Cleans)\n            return DropPageUnsynchronized(key);",
            "if (_type is not null)\n            return DropPageUnsynchronized(key);",
            "cache-type-clean-against-drop"),
    ];
}
