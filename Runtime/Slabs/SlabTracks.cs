using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <summary>
/// Who rented and who returned each slot of a cache last. Kept also for slots whose slab went back to the pages, so that a late return finds them. Thread-safe.
/// </summary>
internal sealed class SlabTracks
{
    private readonly Latch _latch = new();
    private readonly Dictionary<uint, (LifeTrack? RentedBy, LifeTrack? ReturnedBy)> _tracks = [];

    public (LifeTrack? RentedBy, LifeTrack? ReturnedBy) Of(uint index)
    {
        using (_latch.Hold())
            return _tracks.GetValueOrDefault(index);
    }

    public void Rented(uint index, uint generation)
    {
        var track = LifeTrack.Here(generation);
        using (_latch.Hold())
            _tracks[index] = _tracks.GetValueOrDefault(index) with { RentedBy = track };
    }

    /// <summary>The owner returned it. It may come late, when others have ended the object since, or even begun another.</summary>
    public void ReturnedByOwner(uint index, uint generation) => Returned(index, generation, replace: true);

    /// <summary>Its life ended, by its owner's return or, if he had returned it before, by somebody's last put.</summary>
    public void Ended(uint index, uint generation) => Returned(index, generation, replace: false);

    /// <summary>The slots that ever were rented, with who did it and who returned them last.</summary>
    public IReadOnlyList<(uint Index, LifeTrack RentedBy, LifeTrack? ReturnedBy)> AllRented()
    {
        using (_latch.Hold())
            return [.. _tracks.Where(pair => pair.Value.RentedBy is not null).Select(pair => (pair.Key, pair.Value.RentedBy!, pair.Value.ReturnedBy)).OrderBy(pair => pair.Key)];
    }

    private void Returned(uint index, uint generation, bool replace)
    {
        var track = LifeTrack.Here(generation);
        using (_latch.Hold())
        {
            var (rented, returned) = _tracks.GetValueOrDefault(index);
            if (returned is null || returned.Generation < generation || (returned.Generation == generation && replace))
                _tracks[index] = (rented, track);
        }
    }
}
