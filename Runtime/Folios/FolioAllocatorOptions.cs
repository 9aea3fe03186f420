using FolioRuntime.Lifetimes;

namespace FolioRuntime.Folios;

/// <summary>How folios are handed out.</summary>
internal sealed record FolioAllocatorOptions
{
    /// <summary>Hands out zeroed memory. Without it a folio shows what its last user left: for use within one trust group only.</summary>
    public bool ZeroOnAllocate { get; init; } = true;

    /// <summary>Which owners are watched for leaks.</summary>
    public LeakTerms Leaks { get; init; } = new(0, null, "");

    /// <summary>The clock of the runtime.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
