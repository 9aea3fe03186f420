using FolioRuntime.Diagnostics;

namespace FolioRuntime.Race.Soaking;

/// <summary>
/// What exhaustion of generations costs at one moment. A slot whose word is spent is memory that is committed and good for
/// nothing until its slab empties; a frame spent for folios and slabs alike costs address space only, its memory is given back.
/// <code>
///   bound: retired slots × stride  ≤  half of the bytes of all slabs + the other half of the worn ones
/// </code>
/// A slab is worn when more than half of its slots are retired. Nothing is taken from it any more, so it goes back as its last objects are
/// returned: until then it may be lost entirely. How many of these there are depends on how long objects live, not on how long the
/// runtime runs; here every object is returned after a bounded number of turns.
/// </summary>
/// <param name="SlabBytes">Bytes of all slabs.</param>
/// <param name="WornBytes">Bytes of the worn ones.</param>
/// <param name="LostBytes">Bytes of retired slots.</param>
/// <param name="RetiredPageBytes">Bytes of frames retired for good.</param>
/// <param name="CommittedBytes">Bytes taken from the reservation so far.</param>
/// <param name="WordsRetired">Slot words that ever issued their last generation.</param>
/// <param name="SlabsGivenBack">Slabs that were emptied and given back to the pages.</param>
internal readonly record struct LossSample(
    long SlabBytes, long WornBytes, long LostBytes, long RetiredPageBytes, long CommittedBytes, long WordsRetired, long SlabsGivenBack)
{
    private const long FrameBytes = 4096;

    public double ShareOfSlabs => SlabBytes == 0 ? 0 : (double)LostBytes / SlabBytes;

    public double ShareOfCommitted => CommittedBytes == 0 ? 0 : (double)LostBytes / CommittedBytes;

    public bool IsWithinBound => LostBytes * 2 <= SlabBytes + WornBytes;

    public static LossSample Of(RuntimeStatistics statistics) => new(
        statistics.Caches.Sum(cache => cache.TotalSlabs * cache.PagesPerSlab * FrameBytes),
        statistics.Caches.Sum(cache => cache.WornSlabs * cache.PagesPerSlab * FrameBytes),
        statistics.Caches.Sum(cache => cache.RetiredObjects * cache.StrideBytes),
        statistics.Pages.RetiredFrames * FrameBytes,
        statistics.Pages.CommittedFrames * FrameBytes,
        statistics.Caches.Sum(cache => cache.RetiredEver),
        statistics.Caches.Sum(cache => cache.SlabsCreated - cache.TotalSlabs));
}
