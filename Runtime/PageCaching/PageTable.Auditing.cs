using FolioRuntime.Folios;

namespace FolioRuntime.PageCaching;

/// <content>What must hold of all of it.</content>
internal sealed partial class PageTable
{
    /// <summary>Whether lists, counts and the mappings' indices agree. For when nothing is under way.</summary>
    public bool IsValid()
    {
        using (_latch.Hold())
        {
            var free = 0;
            for (var page = _firstFree; page != None && free <= _pages.Length; page = _pages[page].Next)
                free += _pages[page].State == PageState.Free ? 1 : _pages.Length;
            var cached = _pages.Where(page => page.State == PageState.Cached).ToArray();
            return free + _inUse == _pages.Length
                && cached.Sum(page => 1 << page.Order) == _inUse
                && _pages.Count(page => page.State == PageState.Tail) == _inUse - cached.Length
                && cached.All(page => page.PagesThere > 0 && _folios.IsAlive(page.Handle) && CountThere(page) == page.PagesThere && HasItsType(page))
                && _mappings.OfType<PageMapping>().Sum(mapping => mapping.CountCached()) == cached.Sum(page => page.PagesThere)
                && _mappings.OfType<PageMapping>().All(mapping => cached.Where(page => page.Mapping == mapping.Number).Sum(page => 1 << page.Order) == mapping.Held.Count);
        }
    }

    /// <summary>C10: a page's frame says whose it is.</summary>
    private bool HasItsType(CachedPage page) =>
        _mappings[page.Mapping]?.Type is { } type ? _folios.IsOfType(page.Handle, type.Number, out var key) && key == page.Index : _folios.IsOfType(page.Handle, FolioAllocator.NoType, out _);

    private int CountThere(CachedPage folio) => Enumerable.Range(0, 1 << folio.Order).Count(page => _mappings[folio.Mapping]?.Find(folio.Index + page) == folio.Handle);
}
