using FolioRuntime.Folios;
using FolioRuntime.Slabs;

namespace FolioRuntime.Race.Files;

/// <summary>
/// What the threads remember of a piece of a file that was put into the runtime: its handles, which go stale once somebody evicts it, and the
/// hash of the same bytes as they were read straight from the file.
/// </summary>
/// <param name="Node">Its index node.</param>
/// <param name="Content">What the node is to hold.</param>
internal sealed record Piece(SlabHandle<IndexNode> Node, IndexNode Content)
{
    public FolioHandle Folio => Content.Folio;

    public SlabHandle<InlineBytes> Inline => Content.Inline;

    public bool IsInFolio => Folio.IsValid;
}
