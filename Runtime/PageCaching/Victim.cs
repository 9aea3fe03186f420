using FolioRuntime.Folios;

namespace FolioRuntime.PageCaching;

/// <summary>A folio that is to give way: frozen, so that only whoever was given this can reach it, and still in the index.</summary>
/// <param name="Page">Its number, reserved.</param>
/// <param name="Handle">Its handle, frozen with the cache's reference.</param>
/// <param name="Index">Which page of the mapping its first one is.</param>
/// <param name="Order">It has 2^order pages.</param>
/// <param name="Mapping">The mapping.</param>
internal readonly record struct Victim(int Page, FolioHandle Handle, long Index, int Order, PageMapping Mapping);
