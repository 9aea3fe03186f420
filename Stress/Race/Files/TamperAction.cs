namespace FolioRuntime.Race.Files;

/// <summary>Gets at a piece's bytes in the runtime.</summary>
internal delegate void TamperAction(Segment segment, Span<byte> bytes);
