using FolioRuntime.Folios;

namespace FolioRuntime.PageCaching;

/// <summary>A page that is to give way: frozen, so that only whoever was given this can reach it, and still in the index.</summary>
/// <param name="Page">Its number, reserved.</param>
/// <param name="Handle">Its folio, frozen with the cache's reference.</param>
/// <param name="Index">Which page of the mapping.</param>
/// <param name="Mapping">The mapping.</param>
internal readonly record struct Victim(int Page, FolioHandle Handle, long Index, PageMapping Mapping);
