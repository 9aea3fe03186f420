namespace FolioRuntime.PageCaching;

/// <summary>Constructs or destroys a page of a type (<see cref="PageTypeOptions"/>).</summary>
/// <param name="key">Which page of the type.</param>
/// <param name="content">Its 4096 bytes; valid during the call only.</param>
public delegate void PageAction(long key, Span<byte> content);
