using FolioRuntime.Platform;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// Memory for the runtimes of scenes, which live for a millisecond: blocks of this process, handed out zeroed and taken back when the scene is
/// over, without asking the system. What the runtime commits is noted, so that a scene can tell whether a number led beyond it; what it gives back reads as
/// zeros from then on.
/// </summary>
internal sealed class SceneMemory : IVirtualMemory, IDisposable
{
    private readonly List<SceneRegion> _regions = [];

    public int PageBytes => 4096;

    /// <summary>Makes each page's commitment a step of its own.</summary>
    public bool CommitsAreSteps { get; init; }

    /// <summary>Lets the frame table be discarded, each word of it in a step of its own.</summary>
    public bool TableDiscardsAreSteps { get; init; }

    /// <summary>What objects are in.</summary>
    public SceneRegion Data => _regions[0];

    /// <summary>What the frame table is in.</summary>
    public SceneRegion Tables => _regions[1];

    public MemoryRegion Reserve(long sizeBytes, long alignmentBytes)
    {
        var region = new SceneRegion(sizeBytes, Math.Max(alignmentBytes, PageBytes), PageBytes, CommitsAreSteps, TableDiscardsAreSteps && _regions.Count == 1);
        _regions.Add(region);
        return region;
    }

    public void Dispose() => _regions.ForEach(region => region.Dispose());
}
