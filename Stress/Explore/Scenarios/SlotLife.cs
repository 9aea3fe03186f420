namespace FolioRuntime.Exploration.Scenarios;

/// <summary>One object that lived in a slot, as the scene remembers it: what it was, and what became of it.</summary>
/// <param name="Generation">The generation that it must be issued.</param>
/// <param name="Type">X or Y.</param>
internal sealed record SlotLife(uint Generation, char Type)
{
    private const ulong Destroyed = 1ul << 63;

    /// <summary>Whether anybody may have seen it.</summary>
    public bool IsPublished { get; set; }

    /// <summary>The generation that it was issued.</summary>
    public uint Issued { get; set; }

    /// <summary>Whether it lived before the threads began, so that all know of it: to others a load may show what was before.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Whether the hold of its owner has not been ended.</summary>
    public bool IsOwned { get; set; }

    /// <summary>Whether its end must come by exclusive returns.</summary>
    public bool IsExclusive { get; set; }

    /// <summary>How often somebody was told to destroy it.</summary>
    public int Ends { get; set; }

    /// <summary>The type whose destructor ran; none yet: a blank.</summary>
    public char DestroyedAs { get; set; } = ' ';

    /// <summary>How often its content was changed.</summary>
    public uint Version { get; set; }

    public bool IsAlive => IsPublished && Ends == 0;

    /// <summary>What its content holds, twice: whose it is, as which type, and in which version.</summary>
    public ulong Stamp => ((ulong)Generation << 32) | ((ulong)Type << 16) | Version;

    /// <summary>What its destructor leaves.</summary>
    public ulong Wreck => Destroyed | Stamp;

    /// <summary>Whether it is this object that a stamp speaks of, in any version, and not destroyed.</summary>
    public bool IsIn(ulong stamp) => stamp >> 16 == Stamp >> 16;

    public static char TypeIn(ulong stamp) => (char)(ushort)(stamp >> 16);

    /// <summary>How a timeline shows content.</summary>
    public static string Show(ulong stamp) => stamp == 0 ? "nothing"
        : $"{((stamp & Destroyed) != 0 ? "destroyed " : "")}{TypeIn(stamp)} of generation {(uint)((stamp & ~Destroyed) >> 32)}, version {(ushort)stamp}";
}
