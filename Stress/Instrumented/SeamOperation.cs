namespace FolioRuntime.Primitives;

/// <summary>The kinds of access that go through the seam; the last three are announced by observers and their scenes, never by the seam itself.</summary>
internal enum SeamOperation
{
    Add,
    Count,
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
    ThreadState,
    ThreadEnd,
    ContentRead,
    ContentWrite,
}
