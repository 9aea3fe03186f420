using FolioRuntime.Folios;

namespace FolioRuntime.PageCaching;

/// <summary>A page that was taken off the index, for whoever took it to let go of.</summary>
/// <param name="Handle">Its folio, on which the cache's reference is the taker's now if there is a number.</param>
/// <param name="Page">The folio's number, reserved; <see cref="PageCache.NoPage"/>: other pages of the folio are there still.</param>
/// <param name="IsDirty">It was dirty: so was the reference for that.</param>
internal readonly record struct DroppedPage(FolioHandle Handle, int Page, bool IsDirty);
