using FolioRuntime.PageCaching;
using FolioRuntime.PageCaching.Stores;

namespace FolioRuntime.Caching.Killing;

/// <summary>How a writer that is to be killed writes: as it should, or with a mistake that must be noticed.</summary>
/// <param name="Name">On the command line.</param>
/// <param name="Flushes">Whether it flushes before it says so.</param>
/// <param name="Open">Its store, for writing by a seed.</param>
/// <param name="Reopen">The store for whoever looks afterwards.</param>
internal sealed record KillSubject(string Name, bool Flushes, Func<string, ulong, IPageStore> Open, Func<string, IPageStore> Reopen)
{
    // Of the writes to the store.
    private const double TornRate = 0.3;

    public static KillSubject Cache { get; } = new("cache", true, static (path, _) => Checksummed(path), Checksummed);

    public static IReadOnlyList<KillSubject> Controls { get; } =
    [
        new("flush-without-writing", false, static (path, _) => Checksummed(path), Checksummed),
        new("torn-without-checksums", true, Tearing, static path => new FilePageStore(path)),
    ];

    public static KillSubject Find(string name) => Controls.Append(Cache).Single(known => known.Name == name);

    private static ChecksummedPageStore Checksummed(string path) => new(new FilePageStore(path));

    private static FaultInjectingPageStore Tearing(string path, ulong seed) =>
        new(new FilePageStore(path), seed, new PageStoreFaultRule(PageStoreOperations.Write, PageStoreFault.Tear) { Rate = TornRate });
}
