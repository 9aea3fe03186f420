using FolioRuntime.PageCaching;
using FolioRuntime.PageCaching.Stores;

namespace FolioRuntime.Tests.PageCaching.Stores;

/// <summary>A way to make a store over a folder, again over what an earlier one left there.</summary>
/// <param name="Name">In the tests' names.</param>
/// <param name="Lasts">Whether what is written is there for the next one.</param>
/// <param name="Open">Makes it.</param>
public sealed record StoreKind(string Name, bool Lasts, Func<string, IPageStore> Open)
{
    private const string File = "pages";

    public static IReadOnlyList<StoreKind> All { get; } =
    [
        new("file", true, static folder => new FilePageStore(Path.Combine(folder, File))),
        new("direct", true, static folder => new DirectFilePageStore(Path.Combine(folder, File))),
        new("memory", false, static _ => new MemoryPageStore()),
        new("faultless", false, static _ => new FaultInjectingPageStore(new MemoryPageStore(), seed: 1)),
        new("faultless-by-rule", true, static folder => new FaultInjectingPageStore(new FilePageStore(Path.Combine(folder, File)), 1, new PageStoreFaultRule(PageStoreOperations.All, PageStoreFault.Fail))),
        new("checksummed", true, static folder => new ChecksummedPageStore(new FilePageStore(Path.Combine(folder, File)))),
        new("checksummed-direct", true, static folder => new ChecksummedPageStore(new DirectFilePageStore(Path.Combine(folder, File)))),
    ];

    public override string ToString() => Name;
}
