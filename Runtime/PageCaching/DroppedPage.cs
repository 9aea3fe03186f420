using FolioRuntime.Folios;

namespace FolioRuntime.PageCaching;

/// <summary>A page that was taken off the index, for whoever took it to let go of.</summary>
/// <param name="Handle">Its folio, on which the cache's reference is the taker's now.</param>
/// <param name="Page">Its number, reserved.</param>
/// <param name="IsDirty">It was dirty: so was the reference for that.</param>
internal readonly record struct DroppedPage(FolioHandle Handle, int Page, bool IsDirty);
