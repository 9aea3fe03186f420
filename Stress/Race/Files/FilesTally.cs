namespace FolioRuntime.Race.Files;

/// <summary>What one thread did. Written by that thread alone, summed while it runs, so sums may lag a little.</summary>
internal sealed class FilesTally
{
    /// <summary>Bytes that came out of the runtime and were compared; pieces read again later don't count again.</summary>
    public long Bytes;

    /// <summary>Pieces that came out, also those read again later.</summary>
    public long Reads;

    /// <summary>Reads whose bytes, or whose node, are not what the file says.</summary>
    public long Mismatches;

    /// <summary>Uses of a stale handle that were refused.</summary>
    public long StaleRejected;

    /// <summary>Uses of a stale handle that succeeded: never, says the runtime.</summary>
    public long StaleAccepted;

    /// <summary>Uses of a handle of an object that is certainly alive and that were refused: never, says the runtime.</summary>
    public long FreshRejected;

    /// <summary>Times that a frame came back as something else: folio, index node or small object.</summary>
    public long Retyped;

    /// <summary>Pieces thrown out to make room.</summary>
    public long Evicted;

    /// <summary>Most frames in use that this thread saw.</summary>
    public long PeakFrames;
}
