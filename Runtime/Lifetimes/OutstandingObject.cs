namespace FolioRuntime.Lifetimes;

/// <summary>An object that was still out when its cache was disposed.</summary>
/// <param name="Index">Slot index.</param>
/// <param name="Generation">Its life.</param>
/// <param name="RentedBy">Who rented or allocated it.</param>
public sealed record OutstandingObject(uint Index, uint Generation, LifeTrack RentedBy)
{
    /// <summary>Slot, generation and who rented it.</summary>
    public override string ToString() => $"slot {Index} was rented {RentedBy}";
}
