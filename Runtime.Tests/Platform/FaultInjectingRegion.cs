using FolioRuntime.Platform;

namespace FolioRuntime.Tests.Platform;

/// <summary>A region that asks its memory before each call whether it is the one to fail.</summary>
internal sealed class FaultInjectingRegion : MemoryRegion
{
    private readonly FaultInjectingMemory _memory;
    private readonly MemoryRegion _inner;

    public FaultInjectingRegion(FaultInjectingMemory memory, MemoryRegion inner)
        : base(inner.SizeBytes, memory.PageBytes)
    {
        _memory = memory;
        _inner = inner;
        Base = inner.Base;
        SetHandle(inner.Base);
    }

    public override bool HasArray => _inner.HasArray;

    public override bool DiscardGivesBack => !_memory.GivesNothingBack && _inner.DiscardGivesBack;

    public override bool DiscardsToZero => _inner.DiscardsToZero;

    public override bool TryGetArray(long offsetBytes, int lengthBytes, out ArraySegment<byte> segment) =>
        _inner.TryGetArray(offsetBytes, lengthBytes, out segment);

    protected override void CommitCore(long offsetBytes, long lengthBytes)
    {
        _memory.BeforeCall(MemoryOperation.Commit, lengthBytes);
        _inner.Commit(offsetBytes, lengthBytes);
    }

    /// <summary>A system that has no pages says so, and that is no exception: a failing call is one of these.</summary>
    protected override bool TryCommitHugeCore(long offsetBytes, long lengthBytes)
    {
        if (!_memory.TryBeforeCall(MemoryOperation.CommitHuge, lengthBytes))
            return false;
        if (_memory.PretendsToHaveHugePages)
            _inner.Commit(offsetBytes, lengthBytes);
        return _memory.PretendsToHaveHugePages || _inner.TryCommitHuge(offsetBytes, lengthBytes);
    }

    protected override bool TryReplaceHugeCore(long offsetBytes, long lengthBytes)
    {
        if (!_memory.TryBeforeCall(MemoryOperation.ReplaceHuge, lengthBytes))
            return false;
        return _memory.PretendsToHaveHugePages ? _inner.Discard(offsetBytes, lengthBytes) : _inner.TryReplaceHuge(offsetBytes, lengthBytes);
    }

    protected override bool DiscardCore(long offsetBytes, long lengthBytes)
    {
        _memory.BeforeCall(MemoryOperation.Discard, lengthBytes);
        return _inner.Discard(offsetBytes, lengthBytes);
    }

    protected override bool SetAccessCore(long offsetBytes, long lengthBytes, bool allowed)
    {
        _memory.BeforeCall(MemoryOperation.SetAccess, lengthBytes);
        return _inner.SetAccess(offsetBytes, lengthBytes, allowed);
    }

    protected override bool AdviseHugePagesCore(long offsetBytes, long lengthBytes)
    {
        _memory.BeforeCall(MemoryOperation.AdviseHugePages, lengthBytes);
        return _inner.AdviseHugePages(offsetBytes, lengthBytes);
    }

    protected override bool PreferNodeCore(long offsetBytes, long lengthBytes, int systemNode)
    {
        if (!_memory.TryBeforeCall(MemoryOperation.PreferNode, lengthBytes))
            return false;
        _memory.Preferences.Add((offsetBytes, lengthBytes, systemNode));
        return true;
    }

    protected override bool ExcludeFromForkCore(long offsetBytes, long lengthBytes)
    {
        _memory.BeforeCall(MemoryOperation.ExcludeFromFork, lengthBytes);
        return _inner.ExcludeFromFork(offsetBytes, lengthBytes);
    }

    protected override bool ExcludeFromDumpCore(long offsetBytes, long lengthBytes)
    {
        _memory.BeforeCall(MemoryOperation.ExcludeFromDump, lengthBytes);
        return _inner.ExcludeFromDump(offsetBytes, lengthBytes);
    }

    protected override bool ReleaseHandle()
    {
        // Called by the finalizer too: the region beneath may have been finalized first, and disposing it again does nothing.
        _inner.Dispose();
        _memory.RegionReleased();
        return true;
    }
}
