namespace FolioRuntime.Caching.Verifying;

/// <summary>Something that is wrong, and that has to be noticed.</summary>
/// <param name="Name">What it leaves out.</param>
/// <param name="Create">A reader: makes it over a runtime; told true, with what it leaves out. Null: it isn't one.</param>
/// <param name="Run">What isn't a reader: runs it, for so long at most, and says how often it was noticed; told true, with what it leaves out.</param>
internal sealed record VerifyControl(string Name, Func<PoolRuntime, bool, IPageReader>? Create, Func<bool, TimeSpan, CancellationToken, int>? Run = null)
{
    public static IReadOnlyList<VerifyControl> All { get; } =
    [
        new(UncheckedLookUp.Name, static (runtime, isRight) => new UncheckedLookUp(runtime, isRight)),
        new(UnvalidatedRead.Name, static (runtime, isRight) => new UnvalidatedRead(runtime, isRight)),
        new(UnfencedErrors.Name, Create: null, UnfencedErrors.Run),
        new(UncheckedNodes.Name, Create: null, UncheckedNodes.Run),
    ];
}
