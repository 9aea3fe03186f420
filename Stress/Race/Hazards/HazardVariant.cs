namespace FolioRuntime.Race.Hazards;

/// <summary>What stands on a scene's stage.</summary>
internal enum HazardVariant
{
    /// <summary>The shipping code. It must never be caught.</summary>
    Subject,

    /// <summary>The frozen copy with its one wrong line. It must be caught, or the run proves nothing.</summary>
    Control,

    /// <summary>The same copy with that line right: clean, which shows that it is the line that is caught. For tests.</summary>
    RepairedControl,
}
