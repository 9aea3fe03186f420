namespace FolioRuntime.Harness.Caching;

/// <summary>A trace.</summary>
/// <param name="Name">Of its file without the endings, or what it was generated as.</param>
/// <param name="Accesses">How many.</param>
/// <param name="FootprintPages">How many different pages.</param>
public sealed record TraceFacts(string Name, int Accesses, int FootprintPages);
