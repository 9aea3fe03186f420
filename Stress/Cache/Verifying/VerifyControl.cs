namespace FolioRuntime.Caching.Verifying;

/// <summary>A reader that is wrong, and that has to be noticed.</summary>
/// <param name="Name">What it leaves out.</param>
/// <param name="Create">Makes it over a runtime; told true, with what it leaves out.</param>
internal sealed record VerifyControl(string Name, Func<PoolRuntime, bool, IPageReader> Create)
{
    public static IReadOnlyList<VerifyControl> All { get; } =
    [
        new(UncheckedLookUp.Name, static (runtime, isRight) => new UncheckedLookUp(runtime, isRight)),
        new(UnvalidatedRead.Name, static (runtime, isRight) => new UnvalidatedRead(runtime, isRight)),
    ];
}
