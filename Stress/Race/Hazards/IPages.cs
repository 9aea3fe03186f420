namespace FolioRuntime.Race.Hazards;

/// <summary>Pages with owners, counted references, freezing and optimistic reads, as the page scenes see them: the runtime's folios, or a control. A handle is generation and page.</summary>
internal interface IPages : IDisposable
{
    /// <summary>Most pages that may be out at a time.</summary>
    int Capacity { get; }

    /// <summary>The caller becomes the owner of a page. False: none is left.</summary>
    bool TryRent(out ulong handle);

    /// <summary>Ends the owner's hold. The page ends with its last hold.</summary>
    bool TryReturn(ulong handle);

    bool TryGet(ulong handle);

    void Put(ulong handle);

    /// <summary>All <paramref name="references"/>, and the owner's hold, are the caller's.</summary>
    bool TryFreeze(ulong handle, uint references);

    void Unfreeze(ulong handle, uint references);

    /// <summary>The page's memory, for a holder.</summary>
    Span<byte> Bytes(ulong handle);

    /// <summary>A change of content in place begins. One writer at a time.</summary>
    void BeginWrite(ulong handle);

    void EndWrite(ulong handle);

    /// <summary>Copies content without a hold. False: not this page's, or not of one moment.</summary>
    bool TryRead(ulong handle, Span<byte> destination);

    /// <summary>On a page that the caller holds: does what so many more references do.</summary>
    void Hold(ulong handle, uint references);

    /// <summary>Ends what <see cref="Hold"/> did.</summary>
    void Drop(ulong handle, uint references);

    /// <summary>Gives the memory of free pages back to the system.</summary>
    void Trim();

    /// <summary>Everything was returned and put: how many pages are still out. A control is made whole again.</summary>
    long Settle();
}
