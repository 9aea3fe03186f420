namespace FolioRuntime.Caching.Tracing;

/// <summary>A policy broke its contract.</summary>
internal sealed class PolicyViolationException(string message) : Exception(message);
