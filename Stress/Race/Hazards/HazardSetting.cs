namespace FolioRuntime.Race.Hazards;

/// <summary>What a scene is made from.</summary>
/// <param name="Variant">What stands on the stage.</param>
/// <param name="Threads">Threads that will play.</param>
/// <param name="Seed">Seeds every choice.</param>
/// <param name="Referee">Is told what breaks.</param>
internal sealed record HazardSetting(HazardVariant Variant, int Threads, ulong Seed, Referee Referee)
{
    public bool IsSubject => Variant == HazardVariant.Subject;

    /// <summary>The control's line, or the right one in its place.</summary>
    public TLine Line<TLine>(TLine wrong)
        where TLine : struct, Enum => Variant == HazardVariant.Control ? wrong : default;
}
