using FolioRuntime.Lifetimes;

namespace FolioRuntime.Tests.Faults;

/// <summary>What must hold after a fault, as <see cref="FaultFoundException"/>.</summary>
internal static class Expect
{
    public static void That(bool condition, string what)
    {
        if (!condition)
            throw new FaultFoundException(what);
    }

    /// <summary>A runtime of which no user holds anything: after a trim no frame is missing, and every structure holds together.</summary>
    public static void Whole(PoolRuntime pool, string when)
    {
        Consistent(pool, when);
        pool.Trim();
        var pages = pool.Pages.Snapshot();
        That(pages.AllocatedFrames == 0, $"{when}: {pages.AllocatedFrames} frames are lost");
        That(pages.FreeFrames + pages.RetiredFrames == pages.CommittedFrames, $"{when}: L8");
        That(pool.Folios.Statistics.Alive == 0, $"{when}: folios are counted as out");
        foreach (var cache in pool.Snapshot().Caches)
            That(cache.ActiveObjects == 0, $"{when}: {cache.ActiveObjects} objects of '{cache.Name}' are lost");
        That(pool.ViolationCount(ViolationKind.Corruption) == 0, $"{when}: corruption was reported");
    }

    /// <summary>Whatever is out: frames add up, no cap is overshot, every structure holds together.</summary>
    public static void Consistent(PoolRuntime pool, string when)
    {
        That(pool.Pages.IsValid(), $"{when}: the pages don't hold together");
        foreach (var cache in pool.Slabs.Snapshot())
            That(cache.Store.IsValid(), $"{when}: the slabs of '{cache.Name}' don't hold together");
        var pages = pool.Pages.Snapshot();
        That(pages.AllocatedFrames + pages.FreeFrames + pages.RetiredFrames == pages.CommittedFrames, $"{when}: L8");
        That(pages.CommittedFrames - pages.RetiredFrames <= pages.CapacityFrames, $"{when}: the cap is overshot");
    }
}
