namespace FolioRuntime.Tests.Slabs;

/// <summary>The bugs that <see cref="FaultySlabs"/> can have.</summary>
public enum SlabBug
{
    None,
    AcceptsASecondReturn,
    GetsAnotherCachesObject,
    LosesASlot,
    FreesUnderAReference,
    SkipsTheDestructor,
    IssuesAGenerationAgain,
    FreesASlotTwice,
    PutsTwice,
    StopsABulkReturnAtTheFirstWrongHandle,
}
