namespace FolioRuntime;

/// <summary>How much <see cref="PoolRuntime.Trim(TrimLevel)"/> gives back.</summary>
public enum TrimLevel
{
    /// <summary>
    /// What nobody has used since the last trim of this kind: idle objects of pools that nobody had, what lies free in threads whose stacks changed nothing, and of empty slabs and free pages the
    /// fewest that there were at any moment since then. Whatever is in use keeps what it works with. Source: Bonwick and Adams, "Magazines and Vmem" (2001), §3.6.
    /// </summary>
    Idle,

    /// <summary>Everything that no user holds.</summary>
    All,
}
