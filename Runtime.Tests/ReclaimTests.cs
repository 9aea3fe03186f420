using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests;

/// <summary>Memory that nobody holds serves whoever needs it.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class ReclaimTests(int generationBits) : RuntimeFixture(generationBits)
{
    [Test]
    public void What_caches_keep_free_is_given_to_folios_that_need_it()
    {
        var hoarder = Pool.CreateByteCache("hoarder", 1 << 20, new SlabCacheOptions { EmptySlabsKept = 100, ThreadCacheCapacity = 100 });
        var handles = new List<SlabHandle>();
        while (hoarder.TryRent(out var handle))
            handles.Add(handle);
        hoarder.ReturnMany(handles.ToArray());

        for (var i = 0; i < 12; i++)
            Assert.That(Pool.Folios.TryRent(new PageOrder(10), out var folio) && folio != default, Is.True, $"folio {i} of 4 MiB");
    }
}
