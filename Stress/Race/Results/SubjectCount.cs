namespace FolioRuntime.Race.Results;

/// <summary>What the runtime did, and how often it broke what must hold.</summary>
internal sealed record SubjectCount(long Operations, long Violations);
