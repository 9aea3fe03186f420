namespace FolioRuntime.Harness.Caching;

/// <summary>A wrong subject, which shows that the check works.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Violations">How often that was noticed; 0: the run proves nothing.</param>
public sealed record CacheControl(string Name, int Violations);
