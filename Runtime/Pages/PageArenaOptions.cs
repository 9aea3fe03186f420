using FolioRuntime.Platform;

namespace FolioRuntime.Pages;

/// <summary>How an arena reserves memory.</summary>
internal sealed record PageArenaOptions
{
    /// <summary>Address space for data; halved until the system grants it.</summary>
    public long ReservationBytes { get; init; } = 64L << 20;

    /// <summary>Order of the largest block, and of an area, the unit of commit.</summary>
    public int MaxOrder { get; init; } = 10;

    /// <summary>Which huge pages to ask for; with any, memory is given back in whole 2 MiB only.</summary>
    public HugePageMode HugePages { get; init; }

    /// <summary>Keeps data out of core dumps.</summary>
    public bool ExcludeFromDump { get; init; }
}
