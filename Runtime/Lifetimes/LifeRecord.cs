namespace FolioRuntime.Lifetimes;

/// <summary>What <see cref="LifeTracks"/> keeps of one slot or frame.</summary>
/// <param name="RentedBy">Who began the last life that was tracked.</param>
/// <param name="ReturnedBy">Who ended one last, if that is kept.</param>
/// <param name="IsLost">That life's owner is unreachable.</param>
/// <param name="IsReported">That life was reported as leaked.</param>
internal readonly record struct LifeRecord(LifeTrack? RentedBy, LifeTrack? ReturnedBy, bool IsLost, bool IsReported);
