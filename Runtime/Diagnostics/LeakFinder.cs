using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;

namespace FolioRuntime.Diagnostics;

/// <summary>Looks for leaks in everything of one runtime. What it looks at is kept by the caches and the folios themselves. Thread-safe.</summary>
internal sealed class LeakFinder(SlabRegistry slabs, FolioAllocator folios)
{
    private IEnumerable<LifeTracks> Tracks => slabs.Snapshot().Select(cache => cache.Tracks).Append(folios.Tracks).OfType<LifeTracks>();

    /// <summary>Reports what has been out for too long, each once.</summary>
    public void ReportAged()
    {
        foreach (var tracks in Tracks)
            tracks.ReportAged();
    }

    /// <summary>What was found unreachable, and what has been out for too long.</summary>
    public LeakReport Find()
    {
        ReportAged();
        return LeakReport.Join(Tracks.Select(tracks => tracks.Find()));
    }

    /// <summary>Everything that is out now.</summary>
    /// <param name="cachedFolios">Folios that are out and should be.</param>
    public LeakReport StillOut(long cachedFolios)
    {
        var folioCount = Math.Max(0, folios.Statistics.Alive - cachedFolios);
        var ofFolios = folios.Tracks?.StillOut(folioCount)
            ?? new LeakReport { Leaks = [], Unnamed = new Dictionary<string, long> { [FolioAllocator.Subject] = folioCount } };
        return LeakReport.Join(slabs.Snapshot().Select(cache => cache.StillOut()).Append(ofFolios));
    }
}
