namespace FolioRuntime.Tests.Pages;

/// <summary>The bugs that <see cref="FaultyPages"/> can have.</summary>
public enum PageBug
{
    None,
    HandsOutAFreedFrameAgain,
    ForgetsAFree,
    KeepsTheSurplusOfAnExactBlock,
    RefusesTheLastFrames,
    TakesDirtyMemoryForZero,
    DiscardsMemoryInUse,
    SkipsAThirdAllocationsMark,
}
