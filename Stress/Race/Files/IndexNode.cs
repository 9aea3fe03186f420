using FolioRuntime.Folios;
using FolioRuntime.Slabs;

namespace FolioRuntime.Race.Files;

/// <summary>
/// A typed object of the index: says which bytes of which file a folio, or a small object, holds. It owns them: its destructor returns
/// them, so whoever holds the node has its bytes.
/// </summary>
/// <param name="File">The file, as an index into the list.</param>
/// <param name="OffsetBytes">Where in the file the piece begins.</param>
/// <param name="LengthBytes">Its length, at least 1.</param>
/// <param name="Folio">The folio with the bytes; the default for a small piece.</param>
/// <param name="Inline">The small object with the bytes; the default where there is a folio.</param>
/// <param name="Hash">XxHash128 of the bytes, as read straight from the file.</param>
internal readonly record struct IndexNode(
    int File,
    long OffsetBytes,
    int LengthBytes,
    FolioHandle Folio,
    SlabHandle<InlineBytes> Inline,
    UInt128 Hash);
