namespace FolioRuntime.Scale.Peers;

/// <summary>A peer that rents and returns many pieces of one size by one call.</summary>
/// <typeparam name="TItem">What it gives for a piece.</typeparam>
internal interface IManyPeer<TItem>
{
    /// <summary>Fills the span.</summary>
    void RentMany(Span<TItem> items);

    void ReturnMany(ReadOnlySpan<TItem> items);
}
