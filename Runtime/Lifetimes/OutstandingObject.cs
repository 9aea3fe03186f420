namespace FolioRuntime.Lifetimes;

/// <summary>An object that was still out when its cache was disposed.</summary>
/// <param name="Index">Slot index.</param>
/// <param name="Generation">Its life.</param>
/// <param name="RentedBy">Who rented or allocated it.</param>
/// <param name="ReturnedBy">
/// Who returned it, if in its own generation: then references hold it still. Else who returned what was in its slot before; null if nobody ever did.
/// </param>
public sealed record OutstandingObject(uint Index, uint Generation, LifeTrack RentedBy, LifeTrack? ReturnedBy)
{
    /// <summary>Slot, generation, who rented it and who returned it last.</summary>
    public override string ToString() => $"slot {Index} was rented {RentedBy}\n{(ReturnedBy is null ? "and no return is recorded" : $"and last returned {ReturnedBy}")}";
}
