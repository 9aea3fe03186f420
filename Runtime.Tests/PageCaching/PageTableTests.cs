using FolioRuntime.PageCaching;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>Numbers of pages: given out once, and free again.</summary>
[TestFixture]
public sealed class PageTableTests : PageCacheFixture
{
    [Test]
    public void Each_number_is_given_out_once()
    {
        var cache = Create(3);
        using var file = cache.Open(new TestStore(1));
        var table = cache.Table;
        var pages = new List<int>();
        for (var page = Take(); page != PageCache.NoPage; page = Take())
            pages.Add(page);
        Assert.That(pages, Is.EquivalentTo(Enumerable.Range(0, 3)));
        Assert.That(table.TryTakeVictim(out _), Is.False);
        pages.ForEach(table.Release);
        Assert.That(table.InUse, Is.Zero);
        Assert.That(() => table.Release(0), Throws.InstanceOf<FolioRuntime.Primitives.InvariantViolatedException>());

        int Take() => table.TakePlace(file, 0, order: 0, out _, out _);
    }

    [Test]
    public void Numbers_of_mappings_are_used_again()
    {
        var cache = Create(3);
        var first = cache.Open(new TestStore(1));
        var second = cache.Open(new TestStore(1));
        first.Dispose();
        using var third = cache.Open(new TestStore(1));
        Assert.That((third.Number, second.Number), Is.EqualTo((0, 1)));
        Assert.That(third.KeyOf(0), Is.Not.EqualTo(first.KeyOf(0)), "another file for the policy");
        second.Dispose();
    }
}
