namespace FolioRuntime.Tests.Platform;

/// <summary>The calls that may fail, as <see cref="FaultInjectingMemory"/> counts them. Releasing is not among them: it can't report.</summary>
internal enum MemoryOperation
{
    Reserve,
    Commit,
    CommitHuge,
    ReplaceHuge,
    PreferNode,
    Discard,
    SetAccess,
    AdviseHugePages,
    ExcludeFromFork,
    ExcludeFromDump,
}
