using FolioRuntime.Folios;

namespace FolioRuntime.PageCaching;

/// <summary>
/// The fills of one mapping that are under way. Each has a mark, which stands in the index in the place of its page: a handle without a generation, which is nobody's. Under the mapping's latch.
/// <code>
///   number:  fill, listed ─ Remove, nobody else has it ─► fill, to be used again ─ Add ─► the same fill, listed
///                         ─ Remove, others have it     ─► nothing                ─ Add ─► another fill, listed
/// </code>
/// </summary>
internal sealed class PageFillList
{
    private readonly List<PageFill?> _fills = [];
    private readonly Stack<int> _free = [];

    /// <summary>How many there are.</summary>
    public int Count => _fills.Count - _free.Count;

    /// <summary>Those there are.</summary>
    public IEnumerable<PageFill> All => _fills.OfType<PageFill>().Where(static fill => fill.IsListed);

    /// <summary>Adds one.</summary>
    /// <exception cref="OutOfMemoryException">Nothing has changed.</exception>
    public PageFill Add(long index)
    {
        if (!_free.TryPeek(out var number))
        {
            _free.EnsureCapacity(_fills.Count + 1);
            number = _fills.Count;
            var first = new PageFill(number);
            _fills.Add(first);
            first.List(index);
            return first;
        }

        var fill = _fills[number] ??= new PageFill(number);
        _free.Pop();
        fill.List(index);
        return fill;
    }

    /// <summary>Takes one off. Throws nothing.</summary>
    public void Remove(PageFill fill)
    {
        if (fill.IsShared)
            _fills[fill.Number] = null;
        fill.Unlist();
        _free.Push(fill.Number);
    }

    /// <summary>The fill that a mark stands for; null: it is a page's handle, or nothing.</summary>
    public PageFill? Find(FolioHandle mark) => mark.IsValid || mark.Frame == 0 ? null : _fills[(int)mark.Frame - 1];
}
