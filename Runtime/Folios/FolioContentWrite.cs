using FolioRuntime.Lifetimes;

namespace FolioRuntime.Folios;

/// <summary>A change of a folio's content under way; disposing it, once, ends the change. Linux: between <c>write_seqcount_begin</c> and <c>write_seqcount_end</c>.</summary>
public readonly ref struct FolioContentWrite
{
    private readonly FolioAllocator? _allocator;
    private readonly uint _frame;

    internal FolioContentWrite(FolioAllocator allocator, uint frame)
    {
        _allocator = allocator;
        _frame = frame;
    }

    /// <summary>Ends the change: the content is whole again.</summary>
    public void Dispose()
    {
        if (_allocator is null)
            return;
        ContentSequence.EndWrite(ref _allocator.SequenceOfFrame(_frame));
        GC.KeepAlive(_allocator);
    }
}
