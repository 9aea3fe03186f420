using FolioRuntime.Folios;
using FolioRuntime.PageCaching;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>The words of a mapping's pages, near and far.</summary>
[TestFixture]
public sealed class PageIndexTests
{
    private static readonly long[] s_indices = [0, 1, 1023, 1024, 5000, 1 << 20, (1 << 20) + 1];

    [Test]
    public void What_was_set_is_found_and_nothing_else()
    {
        var index = new PageIndex();
        foreach (var at in s_indices)
        {
            index.ReserveUnsynchronized(at);
            index.SetUnsynchronized(at, new FolioHandle((uint)at, 7));
        }

        foreach (var at in s_indices)
            Assert.That(index.Find(at), Is.EqualTo(new FolioHandle((uint)at, 7)));
        foreach (var at in new[] { 2, 1025, 4999, 1L << 21, PageIndex.IndexLimit, long.MaxValue, -1 })
            Assert.That(index.Find(at).IsValid, Is.False, $"{at}");
    }

    [Test]
    public void Pages_are_walked_through_in_order()
    {
        var index = new PageIndex();
        foreach (var at in s_indices.Reverse())
        {
            index.ReserveUnsynchronized(at);
            index.SetUnsynchronized(at, new FolioHandle(1, 1));
        }

        var found = new List<long>();
        for (var at = index.NextUnsynchronized(0, PageIndex.IndexLimit); at >= 0; at = index.NextUnsynchronized(at + 1, PageIndex.IndexLimit))
            found.Add(at);
        Assert.That(found, Is.EqualTo(s_indices));
        Assert.That(index.NextUnsynchronized(2, 1023), Is.EqualTo(-1));
        index.SetUnsynchronized(1, default);
        Assert.That(index.NextUnsynchronized(1, 2), Is.EqualTo(-1));
    }

    [Test]
    public void Tagged_pages_are_found_in_order_each_tag_by_itself()
    {
        var index = new PageIndex();
        foreach (var at in s_indices)
        {
            index.ReserveUnsynchronized(at);
            index.SetTagUnsynchronized(at, PageTag.Dirty, isSet: true);
        }

        index.SetTagUnsynchronized(s_indices[^1], PageTag.Writeback, isSet: true);
        Assert.That(Tagged(index, PageTag.Dirty), Is.EqualTo(s_indices));
        Assert.That(Tagged(index, PageTag.Writeback), Is.EqualTo((long[])[s_indices[^1]]));
        foreach (var at in s_indices[1..])
            index.SetTagUnsynchronized(at, PageTag.Dirty, isSet: false);
        Assert.That(Tagged(index, PageTag.Dirty), Is.EqualTo(s_indices[..1]));
        Assert.That(index.HasTagUnsynchronized(s_indices[0], PageTag.Dirty), Is.True);
        Assert.That(index.HasTagUnsynchronized(s_indices[0], PageTag.Writeback), Is.False);
        Assert.That(index.HasTagUnsynchronized(PageIndex.IndexLimit - 1, PageTag.Dirty), Is.False);
        Assert.That(index.NextTaggedUnsynchronized(s_indices[0] + 1, PageIndex.IndexLimit, PageTag.Dirty), Is.EqualTo(-1));
    }

    private static List<long> Tagged(PageIndex index, PageTag tag)
    {
        var found = new List<long>();
        for (var at = index.NextTaggedUnsynchronized(0, PageIndex.IndexLimit, tag); at >= 0; at = index.NextTaggedUnsynchronized(at + 1, PageIndex.IndexLimit, tag))
            found.Add(at);
        return found;
    }
}
