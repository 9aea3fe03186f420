using FolioRuntime.Folios;

namespace FolioRuntime.PageCaching;

/// <summary>
/// A page of a type that the holder alone may change, until this is disposed, once: see <see cref="PageType.TryChange"/>. It has a reference of its own on the page. A copy of the value is the same change.
/// The default value is none, and disposing it does nothing.
/// </summary>
public readonly ref struct PageChange
{
    private readonly PageMapping? _mapping;
    private readonly FolioReference _page;
    private readonly long _key;

    internal PageChange(PageMapping mapping, FolioReference page, long key)
    {
        _mapping = mapping;
        _page = page;
        _key = key;
    }

    /// <summary>The page's 4096 bytes.</summary>
    /// <exception cref="InvalidOperationException">It is the default value.</exception>
    public Span<byte> Content => _page.Bytes;

    /// <summary>Ends the change: from here on others see it.</summary>
    public void Dispose()
    {
        _mapping?.EndChange(_page, _key);
        _page.Dispose();
    }
}
