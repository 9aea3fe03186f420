namespace FolioRuntime.Scale.Returning;

/// <summary>Names of what goes on while memory is filled and returned, as they stand in the JSON.</summary>
internal static class ReturnPhase
{
    public const string Before = "before";
    public const string Filling = "filling";
    public const string Full = "full";
    public const string Freeing = "freeing";
    public const string Trimming = "trimming";
    public const string AfterTrim = "after the trim";
    public const string ByItself = "by itself";
}
