namespace FolioRuntime.Serve.Servers;

/// <summary>What a server says of itself when asked.</summary>
/// <param name="Requests">Requests that its handlers began.</param>
/// <param name="HeldUploads">Uploads that wait for the end of the burst.</param>
/// <param name="BuffersInside">Buffers looked at that lay in the runtime's memory.</param>
/// <param name="BuffersOutside">Buffers looked at that did not.</param>
/// <param name="CorruptedBytes">Wrong bytes that arrived in uploads.</param>
/// <param name="Violations">What the runtime found misused or damaged.</param>
/// <param name="Fallbacks">Blocks that were arrays because the capacity was spent.</param>
/// <param name="AllocatedBytes">Bytes that the process ever allocated on the collector's heap.</param>
/// <param name="Collections">Collections of any generation.</param>
internal sealed record ServerStatus(
    long Requests, long HeldUploads, long BuffersInside, long BuffersOutside, long CorruptedBytes, long Violations, long Fallbacks, long AllocatedBytes, int Collections);
