namespace FolioRuntime.PageCaching;

/// <summary>Brings what was changed in a page to where it is kept (<see cref="PageTypeOptions.Clean"/>).</summary>
/// <param name="key">Which page of the type.</param>
/// <param name="content">A copy of its 4096 bytes, of one moment; valid during the call only.</param>
public delegate void PageCleaner(long key, ReadOnlySpan<byte> content);
