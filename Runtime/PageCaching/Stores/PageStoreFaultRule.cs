namespace FolioRuntime.PageCaching.Stores;

/// <summary>When something goes wrong in a <see cref="FaultInjectingPageStore"/>. Immutable.</summary>
/// <param name="Operations">What is disturbed. They are counted together.</param>
/// <param name="Fault">How.</param>
public sealed record PageStoreFaultRule(PageStoreOperations Operations, PageStoreFault Fault)
{
    /// <summary>Which of these operations, from 1; 0: none by its number.</summary>
    public long At { get; init; }

    /// <summary>How many of these operations, as a part of all, from 0 to 1; which ones follows from the seed.</summary>
    public double Rate { get; init; }
}
