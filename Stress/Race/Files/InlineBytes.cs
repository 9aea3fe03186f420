using System.Runtime.CompilerServices;

namespace FolioRuntime.Race.Files;

/// <summary>A typed object for pieces too small for a folio.</summary>
[InlineArray(LargestBytes)]
internal struct InlineBytes
{
    public const int LargestBytes = 1000;

    private byte _first;
}
