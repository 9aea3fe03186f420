namespace FolioRuntime.Tests.Slabs;

/// <summary>The races that <see cref="FaultySlabsPlay"/> can have.</summary>
public enum SlabRace
{
    /// <summary>A return checks the word and then stores it, in place of one compare-exchange.</summary>
    TwoReturnOneObject,

    /// <summary>A return checks that there is no reference and then stores.</summary>
    AReturnOvertakesAGet,
}
