namespace FolioRuntime.Tests.Exploration;

internal enum ToyKind
{
    Load,
    Store,
    Add,

    /// <summary>Compare-exchange from the value to the next.</summary>
    Replace,

    /// <summary>The rest of the thread's instructions under a latch.</summary>
    UnderLatch,

    /// <summary>A loop until the word isn't 0. The program may then have executions that don't end.</summary>
    Await,
    Barrier,
}
