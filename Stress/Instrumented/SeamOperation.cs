namespace FolioRuntime.Primitives;

/// <summary>The kinds of access that go through the seam.</summary>
internal enum SeamOperation
{
    Add,
    CompareExchange,
    Or,
    And,
    Exchange,
    LoadAcquire,
    StoreRelease,
    ReadBarrier,
    WriteBarrier,
    ProcessWideBarrier,
    Spin,
    LatchEnter,
    LatchLeave,
}
