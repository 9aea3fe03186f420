namespace FolioRuntime.Folios;

/// <summary>How folios are handed out.</summary>
internal sealed record FolioAllocatorOptions
{
    /// <summary>Hands out zeroed memory. Without it a folio shows what its last user left: for use within one trust group only.</summary>
    public bool ZeroOnAllocate { get; init; } = true;
}
