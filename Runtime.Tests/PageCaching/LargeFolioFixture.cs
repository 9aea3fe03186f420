using FolioRuntime.PageCaching;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>Files whose pages come into the cache in folios of several.</summary>
public abstract class LargeFolioFixture : PageCacheFixture
{
    /// <summary>A file in a cache that has folios of up to 2^order pages, and nothing of it there yet.</summary>
    internal (PageCache Cache, TestStore Store, PageMapping File) Open(int pages, int capacityPages = 256, int order = 3, int lengthBytes = -1)
    {
        var cache = Create(capacityPages, largestOrder: order);
        var store = new TestStore(lengthBytes < 0 ? (long)pages * PageBytes : lengthBytes);
        return (cache, store, cache.Open(store));
    }

    /// <summary>Reads pages ahead, as a window of them.</summary>
    internal static Task ReadAhead(PageMapping file, int first, int count) => file.ReadAheadAsync(file.ListAhead(new ReadaheadWindow(first, count, 1, -1), evenIfMany: true));

    /// <summary>The pages that are in the index, each with how many pages its folio has.</summary>
    internal static string Layout(PageMapping file, int pages)
    {
        var orders = Enumerable.Range(0, pages).Select(page =>
        {
            if (!file.TryGetFolio(page, out var folio))
                return '.';
            using (folio)
                return (char)('0' + folio.Order.Value);
        });
        return string.Concat(orders);
    }

    internal static void RequireAll(PageMapping file, int pages)
    {
        foreach (var lengthBytes in (int[])[64, 3000, PageBytes, 3 * PageBytes, pages * PageBytes])
        {
            var bytes = new byte[lengthBytes];
            for (var offset = 0; offset < pages * PageBytes; offset += lengthBytes)
            {
                var read = file.Read(offset, bytes);
                Assert.That(read, Is.EqualTo(Math.Clamp(file.LengthBytes - offset, 0, lengthBytes)));
                RequireContent(bytes.AsSpan(0, read), offset);
            }
        }
    }
}
