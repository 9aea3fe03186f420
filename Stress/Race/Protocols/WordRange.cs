namespace FolioRuntime.Race.Protocols;

/// <summary>Where a protocol's lifetime words are: <see cref="Count"/> words, <see cref="StrideBytes"/> apart.</summary>
internal readonly record struct WordRange(nint Base, int StrideBytes, int Count)
{
    /// <summary>The slot whose word is at this address, or -1.</summary>
    public int SlotAt(nint address)
    {
        var offset = address - Base;
        return offset >= 0 && offset < (nint)StrideBytes * Count && offset % StrideBytes == 0 ? (int)(offset / StrideBytes) : -1;
    }
}
