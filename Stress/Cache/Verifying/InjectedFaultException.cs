namespace FolioRuntime.Caching.Verifying;

/// <summary>An error of a store that was made on purpose.</summary>
internal sealed class InjectedFaultException(long number) : IOException($"injected fault {number}");
