namespace FolioRuntime.Exploration.Engine;

/// <summary>Something that must hold in every execution didn't.</summary>
internal sealed class RequirementFailedException(string message) : Exception(message);
