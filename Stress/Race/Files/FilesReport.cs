namespace FolioRuntime.Race.Files;

/// <summary>What came of reading the files.</summary>
internal sealed record FilesReport
{
    /// <summary>Files listed, and how many of them were read and compared from their first byte to their last.</summary>
    public required int Files { get; init; }

    public required int FilesRead { get; init; }

    /// <summary>Files that could not be read, or changed while they were, and entries that could not be listed.</summary>
    public required int Unreadable { get; init; }

    /// <summary>Bytes of all files, and of them those compared at least once.</summary>
    public required long TotalBytes { get; init; }

    public required long Bytes { get; init; }

    public required double Passes { get; init; }

    public required double Seconds { get; init; }

    public required long CapacityBytes { get; init; }

    public required long PeakBytes { get; init; }

    public required long Reads { get; init; }

    public required long Retyped { get; init; }

    public required long Mismatches { get; init; }

    public required long StaleRejected { get; init; }

    public required long StaleAccepted { get; init; }

    public required long FreshRejected { get; init; }

    /// <summary>Frames still in use after everything was evicted. 0 before the end.</summary>
    public required long LeakedFrames { get; init; }

    /// <summary>Misuse and damage that the runtime itself reported.</summary>
    public required long Reported { get; init; }

    /// <summary>Promises broken, mismatches not counted.</summary>
    public long Violations => StaleAccepted + FreshRejected + LeakedFrames + Reported;
}
