namespace FolioRuntime.Race.Results;

/// <summary>What came of caching real files: how many, how much of them was read back, and how many reads differed from the file.</summary>
internal sealed record FilesResult(long Count, long Bytes, long Mismatches);
