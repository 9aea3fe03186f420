namespace FolioRuntime.Serve.Servers;

/// <summary>A line of the page: one cache, in slabinfo's terms.</summary>
internal sealed record PoolLine(string Name, long ActiveObjects, long TotalObjects, int ObjectBytes, int ObjectsPerSlab, int PagesPerSlab, long ActiveSlabs, long TotalSlabs, long Fallbacks);
